public import Crane
public import CraneService

/// LiveTalk on whichever database its settings name.
public struct LiveTalkService: Service {
    public static let name = LiveTalkApp.name
    public static let version = LiveTalkApp.version

    let live: any Service

    private let application: @Sendable (Settings, ServiceContext) -> App
    private let start: @Sendable (Settings) -> StartReport

    /// Opens the database and brings it up to date.
    public init(_ settings: Settings, _ context: ServiceContext) throws(StartError) {
        switch settings.databaseURL {
        case .file, .memory: self.init(try LiveTalkApp(settings, context))
        case .postgres:
            #if POSTGRES
            self.init(try PostgresLiveTalk(settings, context))
            #else
            throw StartError("this livetalk was built without PostgreSQL (LIVETALK_POSTGRES=0)")
            #endif
        }
    }

    private init<Live: Service>(_ live: Live) where Live.Settings == Settings {
        self.live = live
        application = { live.app(for: $0, in: $1) }
        start = { live.report(on: $0) }
    }

    public func app(for settings: Settings, in context: ServiceContext) -> App {
        application(settings, context)
    }

    public func report(on settings: Settings) -> StartReport { start(settings) }

    public func shutdownBegan() { live.shutdownBegan() }

    public func close() { live.close() }
}
