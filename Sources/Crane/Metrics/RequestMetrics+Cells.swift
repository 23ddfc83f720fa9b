extension RequestMetrics {
    /// The counters of an application with these routes and applications in it, whose endpoints have been numbered in this order.
    func counters(_ router: Router, _ webSockets: Router, _ mounts: [Mount]) -> RequestCounters {
        func any(_ route: String) -> [RequestCounters.Label] {
            EndpointCells.methods.map { RequestCounters.Label(method: $0, route: route) }
        }
        func own(_ routes: [Router.Entry], _ methods: (Router.Entry) -> [String]) -> [RequestCounters.Label] {
            routes.flatMap { entry in
                methods(entry).map { method in
                    RequestCounters.Label(method: method, route: entry.endpoint.pattern?.text ?? "")
                }
            }
        }
        return counters(
            any(RequestCounters.noRoute) + own(router.routes) { [$0.method.rawValue, "HEAD"] }
                + own(webSockets.routes) { _ in ["WS", "WS"] }
                + mounts.sorted { $0.endpoint.number < $1.endpoint.number }
                .flatMap { any($0.endpoint.pattern?.text ?? "") })
    }
}
