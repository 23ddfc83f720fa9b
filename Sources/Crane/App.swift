@_exported public import HTTPTypes
@_exported public import HTTPWire
public import Logging

/// Answers one request.
///
/// Runs on the loop of the request's connection; an error that it throws becomes a response (see `ResponseError`).
public typealias Handler = @Sendable (Request, Context) async throws -> Response

/// An application: routes and middleware, registered once, then frozen by `build()`.
///
/// ```swift
/// var app = App(title: "Greeter")
/// app.middleware = [AccessLog(sink: .standardError), CORS(origins: ["*"])]
/// app.get("/greetings/{name}") { request, context in
///     .text("Hello, \(context.parameters["name"] ?? "nobody")!")
/// }
/// let responder = app.build()
/// ```
public struct App: Sendable {
    public var title: String
    public var version: String
    public var description: String
    /// The proxies whose forwarding fields count.
    public var trustedProxies: TrustedProxies
    public var logger: Logger
    /// What every request passes through, the first outermost.
    public var middleware: [any Middleware] = []

    private var routes: [Registration] = []

    public init(
        title: String = "Crane",
        version: String = "0.1.0",
        description: String = "",
        trustedProxies: TrustedProxies = .loopback,
        logger: Logger = Logger(label: "crane")
    ) {
        self.title = title
        self.version = version
        self.description = description
        self.trustedProxies = trustedProxies
        self.logger = logger
    }

    /// Registers a handler for a method and a path.
    ///
    /// A path is made of segments: text, `{name}` for one segment that is not empty, or `{name:path}` at the end for all
    /// the rest, slashes included. Text is preferred to a parameter whatever the order of registration.
    public mutating func on(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        routes.append(Registration(method: method, path: path, handler: handler))
    }

    /// Registers a handler for `GET`, and with it for `HEAD`.
    public mutating func get(_ path: String, _ handler: @escaping Handler) { on(.get, path, handler) }
    public mutating func post(_ path: String, _ handler: @escaping Handler) { on(.post, path, handler) }
    public mutating func put(_ path: String, _ handler: @escaping Handler) { on(.put, path, handler) }
    public mutating func delete(_ path: String, _ handler: @escaping Handler) { on(.delete, path, handler) }
    public mutating func patch(_ path: String, _ handler: @escaping Handler) { on(.patch, path, handler) }

    /// Freezes the application; traps with the route's name on a mistake in a registration.
    public func build() -> AppResponder {
        do {
            return AppResponder(
                router: try Router(routes), middleware: middleware, trustedProxies: trustedProxies,
                logger: logger)
        } catch {
            fatalError("\(error)")
        }
    }
}
