@_exported public import CraneHTTP
@_exported public import CraneSchema
@_exported public import HTTPTypes
@_exported public import Logging

/// An application: routes and middleware, registered once, then frozen by `build()`.
///
/// ```swift
/// var app = App(title: "Greeter")
/// app.middleware = [AccessLog(.standardError()), CORS(allowOrigins: ["*"])]
/// app.get("/greetings/{name}") { request, context in
///     .text("Hello, \(context.parameters["name"] ?? "nobody")!")
/// }
/// let responder = app.build()
/// ```
public struct App: RouteCollection, Sendable {
    /// The title of the OpenAPI document and its pages.
    public var title: String
    /// The application's own version, in the document.
    public var version: String
    /// What the document says of the application; Markdown.
    public var description: String
    /// The path under which clients see the application, `/api`; empty at the root.
    ///
    /// Routes do not have it: it is taken off a request's path where the proxy has not done so, and stands before redirects and
    /// in the document's `servers`. A trusted proxy's `X-Forwarded-Prefix` goes before it. `build()` traps with what is no path.
    public var rootPath: String
    /// The proxies whose forwarding fields count.
    public var trustedProxies: TrustedProxies
    /// How the application tells its errors, where no `onError` says otherwise.
    public var errors: ErrorFormat
    /// Where errors, held loops and failed background tasks are told; `Context.logger` is made of it.
    public var logger: Logger
    /// What every request passes through, the first outermost.
    public var middleware: [any Middleware] = []
    /// What every route takes before its own inputs, for its effects only.
    public var dependencies: [any Input] = []
    /// Where the documentation is served.
    public var documentation = Documentation()

    /// How errors are answered; `onError` adds to them.
    public var errorHandlers = ErrorHandlers()

    /// What requests are counted in; `metrics` sets it.
    var requestMetrics: RequestMetrics?

    private(set) var routes: [Route] = []
    var overrides: [ObjectIdentifier: any AnyDependency] = [:]
    /// What is made before the start, and what runs beside requests; `lifespan` and `background` add to them.
    var setUps: [SetUp] = []
    var backgroundWork: [BackgroundWork] = []
    /// Applications within this one; `mount` and `host` add to them.
    var mounted: [MountedApp] = []
    private(set) var webSocketRoutes: [Route] = []
    private var values: [ObjectIdentifier: any Sendable] = [:]

    /// An application without routes of its own; its documentation is there from the start.
    public init(
        title: String = "Crane",
        version: String = "0.1.0",
        description: String = "",
        rootPath: String = "",
        trustedProxies: TrustedProxies = .loopback,
        errors: ErrorFormat = .detail,
        logger: Logger = Logger(label: "crane")
    ) {
        self.title = title
        self.version = version
        self.description = description
        self.rootPath = rootPath
        self.trustedProxies = trustedProxies
        self.logger = logger
        self.errors = errors
    }

    /// A value for all requests, which a `Context` has under the same key until it is given another one (`app.state` in Starlette).
    public subscript<Key: ContextKey>(key: Key.Type) -> Key.Value {
        get { values[ObjectIdentifier(key)] as? Key.Value ?? Key.defaultValue }
        set { values[ObjectIdentifier(key)] = newValue }
    }

    /// Whether the text may be a `rootPath`: `/api`, `/api/`, or nothing.
    public static func isRootPath(_ text: String) -> Bool { RootPath(text) != nil }

    /// Adds a route; `get` and its kin make one.
    public mutating func add(_ route: Route) {
        if route.registration.isHandshake { webSocketRoutes.append(route) } else { routes.append(route) }
    }

    /// Freezes the application; traps with the route's name on a mistake in a registration.
    public func build() -> AppResponder {
        do {
            return try checked()
        } catch {
            fatalError("\(error)")
        }
    }

    /// The frozen application; throws the first mistake in a registration.
    ///
    /// - Parameter outer: that of the application around this one.
    func checked(in outer: AppConfiguration? = nil) throws(RegistrationError) -> AppResponder {
        guard let rootPath = RootPath(self.rootPath) else {
            throw RegistrationError(route: self.rootPath, reason: "the root path is not like /api")
        }
        let routes = routes.map { guarded($0.settled()) }
        let router = try Router(routes + documentationRoutes(beside: routes), overrides: overrides)
        let webSockets = try Router(
            webSocketRoutes.map { guarded($0.settled()) }, overrides: overrides, firstCell: router.endCell)
        try OperationNames.check(routes)
        let configuration = AppConfiguration(
            trustedProxies: trustedProxies, rootPath: rootPath, logger: logger, errors: errors,
            errorHandlers: errorHandlers, pattern: { router.pattern(named: $0) },
            values: values, outer: outer)
        let mounts = try builtMounts(configuration, firstCell: webSockets.endCell)
        return AppResponder(
            router: router, webSockets: webSockets, middleware: middleware, configuration: configuration,
            mounts: mounts, lifespan: AppLifespan(self, configuration, mounts), metrics: requestMetrics)
    }
}
