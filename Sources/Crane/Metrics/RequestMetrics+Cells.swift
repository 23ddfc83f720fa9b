import CraneHTTP

extension RequestMetrics {
    /// What each cell of an application with these routes and applications in it counts: its endpoints have been numbered in this order.
    static func labels(
        _ router: Router, _ webSockets: Router, _ mounts: [Mount]
    ) -> [RequestCounters.Label] {
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
        return any(RequestCounters.noRoute) + own(router.routes) { [$0.method.rawValue, "HEAD"] }
            + own(webSockets.routes) { _ in ["WS", "WS"] }
            + mounts.sorted { $0.endpoint.number < $1.endpoint.number }.flatMap { mount in
                mount.responder.labels.map { label in
                    let route = label.route == RequestCounters.noRoute ? "/{path:path}" : label.route
                    return RequestCounters.Label(method: label.method, route: mount.place.text + route)
                }
            }
    }
}

extension AppResponder {
    /// What each of its cells counts.
    var labels: [RequestCounters.Label] { RequestMetrics.labels(router, webSockets, mounts) }

    /// How many cells its requests are counted in, those of the applications in it among them.
    var cells: Int {
        mounts.map { $0.endpoint.number + $0.responder.cells }.max() ?? webSockets.endCell
    }
}

extension Context {
    /// Tells the applications around which route of this one counts the request: each has this one's cells among its own.
    func tellOuterMeters() {
        var (cell, context) = (endpoint.cell(of: request), self)
        while let outer = context.mount?.outer {
            cell += outer.endpoint.number
            // Without a meter nobody asks. On the request's loop, as all that has to do with `began`.
            if unsafe outer.began != 0 { outer.setCell(cell) }
            context = outer
        }
    }

    /// Which cell counts the request.
    var cell: Int {
        if endpoint.takesAnyMethod, let cell = cellWithin { return cell }
        return endpoint.cell(of: request)
    }
}

extension Endpoint {
    /// Which cell counts a request of it.
    fileprivate func cell(of request: Request) -> Int {
        if takesAnyMethod { return number &+ EndpointCells.place(of: request.method) }
        return request.isHead ? number &+ 1 : number
    }
}
