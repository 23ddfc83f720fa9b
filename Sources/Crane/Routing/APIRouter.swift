public import HTTPTypes

/// Routes that belong together: under one prefix, with tags, dependencies and responses in common.
///
/// ```swift
/// var comments = APIRouter(prefix: "/comments", tags: ["comments"], dependencies: [limiter])
/// comments.get("/{comment_id}", Path("comment_id", Int.self)) { id in try await service.read(id) }
/// app.include(comments)
/// ```
public struct APIRouter: RouteCollection, Sendable {
    private let prefix: String
    private let commons: Commons
    /// The routes, with all that they have in common applied.
    private(set) var routes: [Registration] = []

    /// - Parameters:
    ///   - prefix: begins with a slash and does not end in one; may be empty, and may hold parameters.
    ///   - dependencies: run before each route's own inputs; their values are nobody's.
    ///   - responses: documented for each route; a route's own description of a status wins.
    public init(
        prefix: String = "", tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false
    ) {
        self.prefix = prefix
        commons = Commons(
            tags: tags, dependencies: dependencies, responses: responses, isDeprecated: deprecated)
    }

    /// Adds a route under the prefix of this router, with all that its routes have in common.
    public mutating func add(_ route: Registration) {
        routes.append(route.under(prefix, commons))
    }
}

extension RouteCollection {
    /// Adds all routes of a router, under a further prefix and with more in common where that is given.
    public mutating func include(
        _ router: APIRouter, prefix: String = "", tags: [String] = [], dependencies: [any Input] = [],
        responses: [HTTPResponse.Status: ResponseDescription] = [:], deprecated: Bool = false
    ) {
        let commons = Commons(
            tags: tags, dependencies: dependencies, responses: responses, isDeprecated: deprecated)
        for route in router.routes { add(route.under(prefix, commons)) }
    }
}

/// What the routes of a router share.
struct Commons: Sendable {
    var tags: [String] = []
    var dependencies: [any Input] = []
    var responses: [HTTPResponse.Status: ResponseDescription] = [:]
    var isDeprecated = false
}
