public import CraneHTTP
import CraneSystem
public import HTTPTypes

/// Sends clients that came over plain HTTP to the same address over HTTPS.
///
/// Behind a proxy that ends TLS it is the proxy who says what the client used: see `App.trustedProxies`. The host is the one that the client
/// asked for, so `TrustedHost` belongs outside.
public struct HTTPSRedirect: SynchronousMiddleware {
    private let status: HTTPResponse.Status
    private let port: String
    private let exempt: Set<String>

    /// - Parameters:
    ///   - status: 307, or 308 for what browsers keep for good.
    ///   - port: where HTTPS is listened on.
    ///   - exempt: paths that are answered over plain HTTP too, for health checks.
    public init(
        status: HTTPResponse.Status = .temporaryRedirect, port: Int = 443, exempt: [String] = []
    ) {
        self.status = status
        self.port = port == 443 ? "" : ":\(port)"
        self.exempt = Set(exempt)
    }

    public func enter(_ request: Request, _ context: Context) throws -> Response? {
        if context.scheme == .https || exempt.contains(request.path) { return nil }
        // The path of `OPTIONS *` is none that could follow a host.
        guard let host = request.hostName, request.rawPathBytes.first == UInt8(ascii: "/") else {
            throw HTTPError(.badRequest, "This is for HTTPS only")
        }
        return .redirect(
            to: "https://\(host)\(port)\(context.location(ofPath: request.rawPathBytes))",
            status: status)
    }
}
