import Crane
import CraneService
import Logging

@testable import LiveTalk

/// LiveTalk and what it is served in, as the command puts them together, without a socket.
struct ServedTalk {
    let app: LiveTalkApp
    let responder: AppResponder
    private let context: ServiceContext

    init(_ settings: Settings, log: LogSink) throws {
        context = try ServiceContext(LiveTalkApp.name, settings.server, log: log)
        app = try LiveTalkApp(settings, context)
        responder = app.responder(for: settings, in: context)
    }

    var migrations: [String] { app.migrations }
    var logger: Logger { context.logger }

    /// As a reload makes it.
    func responder(for settings: Settings) -> AppResponder { app.responder(for: settings, in: context) }

    func close() { app.close() }
}
