import CraneHTTP
import CraneSystem

/// An application that another one hands requests on to.
struct Mount: Sendable {
    enum Place: Sendable {
        case path(RootPath)
        case host(String)
        /// With its point: `.example.com`.
        case hostsUnder(String)

        /// What logs call the route that leads there.
        var pattern: String {
            switch self {
            case .path(let path): path.text + "/{path:path}"
            case .host, .hostsUnder: "/{path:path}"
            }
        }

        /// What goes before its routes where requests are counted.
        var text: String {
            switch self {
            case .path(let path): path.text
            case .host(let host): host
            case .hostsUnder(let text): "*" + text
            }
        }

        /// What is looked at first.
        var rank: Int {
            switch self {
            case .host: .max
            case .hostsUnder(let text): 1024 + text.utf8.count
            case .path(let path): path.text.utf8.count
            }
        }
    }

    let place: Place
    let responder: AppResponder
    /// What stands for it in the application around it.
    let endpoint: Endpoint

    init(_ place: Place, _ pattern: RoutePattern, number: Int, _ responder: AppResponder) {
        self.place = place
        self.responder = responder
        let path = if case .path(let path) = place { path } else { RootPath.none }
        endpoint = Endpoint(pattern: pattern, number: number) { request, context in
            responder.respond(to: request, in: context, under: path)
        }
    }

    /// Whether the request is for this application.
    func takes(_ request: Request) -> Bool {
        switch place {
        case .path(let path): path.length(before: request.pathBytes) != nil
        case .host(let host): request.hostName.map { $0.isSpelt(host) } ?? false
        case .hostsUnder(let text): request.hostName?.hasSuffix(text) ?? false
        }
    }
}

extension Request {
    /// The host that the client asked for in lower case, without its port; IPv6 keeps its brackets (RFC 3986, section 3.2.2).
    var hostName: String? {
        guard let host = host?.loweredASCII else { return nil }
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
        return String(host.prefix { $0 != ":" })
    }
}
