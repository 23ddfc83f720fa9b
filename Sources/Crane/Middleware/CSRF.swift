public import CraneHTTP
import HTTPTypes

/// Refuses changes that the page of another site sends with 403: for routes that trust a cookie, forms above all.
///
/// Browsers say where a request comes from, in `Sec-Fetch-Site` or, without TLS, in `Origin`, which has the host that the request is for.
/// What says neither comes from no browser, or from one of before 2020, and is let through; so are reads. `CSRF.formToken` asks for a token
/// besides, for those old browsers.
public struct CSRF: SynchronousMiddleware {
    private let trusted: OriginList

    /// - Parameter trustedOrigins: other origins whose pages may send changes, like `https://admin.example`.
    public init(trustedOrigins: [String] = []) {
        trusted = OriginList(trustedOrigins)
    }

    public func enter(_ request: Request, _ context: Context) throws -> Response? {
        switch request.method {
        case .get, .head, .options: return nil
        default:
            guard Self.isSameOrigin(request) || request.headers[.origin].map(trusted.contains) == true else {
                throw HTTPError(.forbidden, "Sent by another site")
            }
            return nil
        }
    }

    /// Whether a request does not come from the page of another origin, a neighbour of the same site being one too.
    public static func isSameOrigin(_ request: Request) -> Bool {
        // `none` is what the user does without any page.
        if let site = request.headers[.secFetchSite] { return site == "same-origin" || site == "none" }
        guard let origin = request.headers[.origin] else { return true }
        return request.host.map { OriginList.isOrigin(origin, of: $0) } ?? false
    }
}
