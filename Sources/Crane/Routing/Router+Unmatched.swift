import CraneHTTP
import CraneSystem
import HTTPTypes

extension Router {
    /// What is said when no route has both the path and the method: `OPTIONS`, 405, the slash redirect or 404.
    @inline(never)
    func responseWithoutRoute(_ request: Request, _ context: Context) -> Response {
        let methods =
            request.method == .options && request.pathBytes.equals("*")
            // RFC 9110, section 9.3.7: the asterisk asks about the server as a whole.
            ? routes.map(\.method) : self.methods(at: request.pathBytes)
        guard methods.isEmpty else {
            let error = UnmatchedError(allowedMethods: Router.allowed(methods))
            return request.method == .options
                ? Response(status: .noContent, headers: [.allow: error.allow]) : context.response(to: error)
        }
        return slashRedirect(request, context) ?? context.response(to: UnmatchedError())
    }

    /// Every method that a path answers which has routes of these, each once.
    private static func allowed(_ methods: [HTTPRequest.Method]) -> [HTTPRequest.Method] {
        var all: [HTTPRequest.Method] = []
        for method in methods + (methods.contains(.get) ? [.head, .options] : [.options])
        where !all.contains(method) {
            all.append(method)
        }
        return all
    }

    /// 307 to the same path with its slash put or its slashes taken off, when a route is there, whatever its method.
    private func slashRedirect(_ request: Request, _ context: Context) -> Response? {
        var path = request.pathBytes.array
        var raw = request.rawPathBytes
        let slash = UInt8(ascii: "/")
        guard path.count > 1, path.first == slash else { return nil }
        let isLonger = path.last != slash
        if isLonger {
            path.append(slash)
        } else {
            while path.last == slash {
                path.removeLast()
                // What was sent is cut where the decoded path is: at a slash or its three bytes of encoding.
                raw = raw.extracting(droppingLast: raw.last == slash ? 1 : 3)
            }
        }
        guard !methods(at: path.span).isEmpty else { return nil }
        return .redirect(to: context.location(ofPath: raw, followedBy: isLonger ? "/" : ""))
    }
}

extension Context {
    /// The path and query of another resource of this server as the client sees them, made of the request's bytes as sent.
    ///
    /// What a URL may not hold is percent-encoded, a backslash with it, and the path never begins with two slashes, which
    /// would name another host (RFC 3986, section 4.2).
    func location(ofPath raw: Span<UInt8>, followedBy end: String = "") -> String {
        let kept = ":/%#?=@[]!$&'()*+,;"
        var location = percentEncoded(raw, keeping: kept) + end
        // A proxy that takes the prefix off is told of in the response; what one leaves on stands there already.
        // The paths of mounts stand there in any case.
        if !(mount?.isRootCut ?? request.isPathCut) { location = outermost.rootPath + location }
        if location.begins(with: "//") { location = "/%2F" + location.dropFirst(2) }
        let request = request
        if !request.queryBytes.isEmpty { location += "?" + percentEncoded(request.queryBytes, keeping: kept) }
        return location
    }

    /// What belongs to the request in the application that no other one stands around.
    private var outermost: Context { mount?.outer.outermost ?? self }
}
