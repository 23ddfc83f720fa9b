public import HTTPTypes

/// Routes that belong together: under one prefix, with tags, dependencies, middleware and responses in common.
///
/// ```swift
/// var comments = APIRouter(prefix: "/comments", tags: ["comments"], dependencies: [limiter])
/// comments.get("/{comment_id}", Path("comment_id", Int.self)) { id in try await service.read(id) }
/// app.include(comments)
/// ```
public struct APIRouter: RouteCollection, Sendable {
    private let prefix: String
    private var defaults: RouterDefaults
    private var ownRoutes: [Route] = []

    /// - Parameters:
    ///   - prefix: begins with a slash and does not end in one; may be empty, and may hold parameters.
    ///   - tags: the tags of each route in OpenAPI.
    ///   - dependencies: run before each route's own inputs; their values are nobody's.
    ///   - middleware: around each route, the first outermost, inside the application's. It sees the requests that match a
    ///     route of this router; what no route takes, and preflights, are the application's.
    ///   - responses: documented for each route; a route's own description of a status wins.
    ///   - deprecated: whether OpenAPI says that the routes are deprecated.
    public init(
        prefix: String = "", tags: [String] = [], dependencies: [any Input] = [],
        middleware: [any Middleware] = [], responses: [HTTPResponse.Status: ResponseDescription] = [:],
        deprecated: Bool = false
    ) {
        self.prefix = prefix
        defaults = RouterDefaults(
            tags: tags, dependencies: dependencies, middleware: middleware, responses: responses,
            isDeprecated: deprecated)
    }

    /// Adds a route, which comes under the prefix of this router, with all that its routes have in common.
    public mutating func add(_ route: Route) {
        ownRoutes.append(route)
    }

    /// How errors of its routes are answered; `onError` adds to them.
    public var errorHandlers: ErrorHandlers {
        get { defaults.errorHandlers }
        set { defaults.errorHandlers = newValue }
    }

    /// The routes, settled, with all that they have in common applied.
    func routes() -> [Registration] { ownRoutes.map { $0.settled().under(prefix, defaults) } }
}

extension RouteCollection {
    /// Adds all routes of a router, under a further prefix and with more in common where that is given.
    ///
    /// What is registered with the router afterwards is not added.
    public mutating func include(
        _ router: APIRouter, prefix: String = "", tags: [String] = [], dependencies: [any Input] = [],
        middleware: [any Middleware] = [], responses: [HTTPResponse.Status: ResponseDescription] = [:],
        deprecated: Bool = false
    ) {
        let defaults = RouterDefaults(
            tags: tags, dependencies: dependencies, middleware: middleware, responses: responses,
            isDeprecated: deprecated)
        for route in router.routes() { add(Route(route.under(prefix, defaults))) }
    }
}

/// What the routes of a router share.
struct RouterDefaults: Sendable {
    var tags: [String] = []
    var dependencies: [any Input] = []
    var middleware: [any Middleware] = []
    var responses: [HTTPResponse.Status: ResponseDescription] = [:]
    var isDeprecated = false
    var errorHandlers = ErrorHandlers()
}
