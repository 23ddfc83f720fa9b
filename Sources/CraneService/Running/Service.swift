public import Crane

/// A program that answers requests until it is told to end, as a service of systemd or in a container.
///
/// ```swift
/// struct Greeter: Service {
///     static let name = "Greeter"
///     static let version = "1.0.0"
///
///     init(_ settings: Settings, _ context: ServiceContext) {}
///
///     func app(for settings: Settings, in context: ServiceContext) -> App {
///         var app = context.app(for: settings.server, title: Self.name, version: Self.version)
///         app.get("/") { "Hello" }
///         return app
///     }
/// }
/// Greeter.main()
/// ```
public protocol Service: Sendable {
    associatedtype Settings: ServiceSettings

    /// The service's name: as it stands in what an operator reads, in lower case in log lines and before the names of metrics.
    static var name: String { get }
    static var version: String { get }

    /// Opens what the service works with; blocks the main thread, before anything is listened on.
    ///
    /// - Throws: what an operator reads as one line; ``StartError`` is one of words alone.
    init(_ settings: Settings, _ context: ServiceContext) throws

    /// The application by these settings: asked for at the start, and at each reload with what may change then.
    ///
    /// What must outlive a reload belongs to the service.
    func app(for settings: Settings, in context: ServiceContext) -> App

    /// What an operator sees at the start beside addresses and workers; nothing unless the service says more.
    func report(on settings: Settings) -> StartReport

    /// The graceful shutdown begins, on any thread: what waits and need not be done may be refused.
    func shutdownBegan()

    /// Lets go of what `init` has opened, when no request runs any more; nothing unless the service does more.
    func close()
}

extension Service {
    public func report(on settings: Settings) -> StartReport {
        StartReport(warnings: settings.server.warnings(prefix: Settings.catalog.prefix))
    }

    public func shutdownBegan() {}

    public func close() {}
}
