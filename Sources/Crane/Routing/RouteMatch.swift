/// Which route answers a request: its place in the router's table, or none.
struct RouteMatch: Sendable, Equatable {
    let index: Int

    static let none = RouteMatch(index: -1)
}
