import CraneHTTP

extension Router {
    /// The route of a handshake.
    func webSocketRoute(for request: Request) -> Route {
        let route = route(for: request)
        return route.pattern == nil ? .refusedHandshake : route
    }
}

extension Route {
    /// What handshakes take that match no route: refused as the reference does.
    fileprivate static let refusedHandshake = Route(method: .get, pattern: nil) { _, _ in
        .refusedHandshake
    }
}
