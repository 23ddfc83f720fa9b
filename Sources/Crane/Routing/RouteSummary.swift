import CraneSchema

/// One route of an application, in the words that a list of them has for it.
public struct RouteSummary: Hashable, Sendable {
    /// `GET`; `WS` for a WebSocket.
    public let method: String
    /// The pattern, behind the path under which its application is mounted; a mounted host stands before it.
    public let path: String
    /// What the documentation calls it; empty for a route that it does not have.
    public let summary: String
    /// The security schemes whose credentials it takes, each once.
    public let security: [String]
}

extension App {
    /// All routes in the order of their registration, then WebSockets, then those of mounted applications; without the
    /// documentation's pages.
    ///
    /// Made anew at each call, for tools and tests. Overrides do not count.
    public var routeSummaries: [RouteSummary] { routeSummaries(under: "") }

    private func routeSummaries(under prefix: String) -> [RouteSummary] {
        let plain = routes.map { guarded($0.registration) }
        let names = OperationNames.all(plain)
        let sockets = webSocketRoutes.map { guarded($0.registration) }
        return zip(plain, names).map { route, names in
            RouteSummary(route, method: route.method.rawValue, under: prefix, summary: names?.summary ?? "")
        }
            + sockets.map { RouteSummary($0, method: "WS", under: prefix, summary: "") }
            + mounted.flatMap { mounted in
                switch mounted.place {
                case .path(let path): mounted.app.routeSummaries(under: prefix + path)
                case .host(let host): mounted.app.routeSummaries(under: host)
                }
            }
    }
}

extension RouteSummary {
    fileprivate init(_ route: Registration, method: String, under prefix: String, summary: String) {
        var security: [String] = []
        for scheme in InputsDescription(route.dependencies + (route.inputs ?? [])).securities
        where !security.contains(scheme.name) {
            security.append(scheme.name)
        }
        self.init(method: method, path: prefix + route.path, summary: summary, security: security)
    }
}
