import HTTPTypes
import HTTPWire

extension Router {
    /// What is said when no route has both the path and the method: `OPTIONS`, 405, the slash redirect or 404.
    @inline(never)
    func answerWithoutRoute(_ request: Request) -> Response {
        // The bytes are read during this call only; the caller holds the request.
        let methods =
            unsafe request.method == .options && request.pathBytes.elementsEqual("*".utf8)
            // RFC 9110, section 9.3.7: the asterisk asks about the server as a whole.
            ? routes.map(\.method) : unsafe self.methods(at: request.pathBytes)
        guard methods.isEmpty else {
            let allow: HTTPFields = [.allow: Router.allow(methods)]
            return request.method == .options
                ? Response(status: .noContent, headers: allow)
                : .detail(.methodNotAllowed, "Method Not Allowed", headers: allow)
        }
        return slashRedirect(request) ?? .detail(.notFound, "Not Found")
    }

    /// Every method that the path answers, each once (RFC 9110, section 10.2.1).
    private static func allow(_ methods: [HTTPRequest.Method]) -> String {
        var names: [String] = []
        for method in methods + (methods.contains(.get) ? [.head, .options] : [.options])
        where !names.contains(method.rawValue) {
            names.append(method.rawValue)
        }
        return names.joined(separator: ", ")
    }

    /// 307 to the same path with its slash put or its slashes taken off, when a route is there, whatever its method.
    private func slashRedirect(_ request: Request) -> Response? {
        var path = request.path
        guard path != "/", path.hasPrefix("/") else { return nil }
        if path.hasSuffix("/") {
            while path.hasSuffix("/") { path.removeLast() }
        } else {
            path += "/"
        }
        // The array outlives the call.
        let methods = unsafe Array(path.utf8).withUnsafeBytes { unsafe self.methods(at: $0) }
        guard !methods.isEmpty else { return nil }
        // "//host" would name another host (RFC 3986, section 4.2).
        if path.hasPrefix("//") { path = "/%2F" + path.dropFirst(2) }
        if let query = request.query, !query.isEmpty { path += "?" + query }
        return .redirect(to: path)
    }
}
