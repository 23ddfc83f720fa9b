public import Crane

/// Why there is no response from another server, or none that is of use.
///
/// A handler that does not catch it answers 502, 504 when it was too late, 503 for too many requests, and logs what was wrong. Text
/// names the other server by scheme, host and port alone, since paths, queries and user names may be secrets.
public struct HTTPClientError: ResponseError, Hashable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: String, Sendable {
        /// The URL is none of HTTP or HTTPS, or cannot be read.
        case invalidURL
        /// A field that the client itself has to write.
        case invalidRequest
        /// ``HTTPClientConfiguration/addresses`` does not have the address.
        case addressRefused
        /// The name leads nowhere.
        case couldNotResolve
        /// Nobody listens there, or no way leads there.
        case couldNotConnect
        /// It took longer than a time-out allows.
        case timedOut
        /// There is no TLS with it, or its certificate is not to be trusted.
        case tls
        /// The connection ended before the response did.
        case connectionLost
        /// What came is not HTTP/1.1.
        case malformedResponse
        /// The body, or the head, is longer than allowed.
        case responseTooLarge
        /// There were more redirects than are followed.
        case tooManyRedirects
        /// As many requests run or wait as may.
        case tooManyRequests
        /// `requireSuccess` found a status that is not of the 200s.
        case unexpectedStatus
        /// The body is not the JSON that was expected.
        case unexpectedResponse
        /// Anything else that libcurl tells.
        case failed
    }

    /// What kind of error it is.
    public let code: Code
    /// Scheme, host and port of the other server.
    public let origin: String
    /// What happened, for people who read logs.
    public let message: String

    init(_ code: Code, _ origin: String, _ message: String) {
        self.code = code
        self.origin = origin
        self.message = message
    }

    public var description: String { "\(origin): \(message) (\(code.rawValue))" }

    public func response(for request: Request, context: Context) -> Response {
        let error: HTTPError
        switch code {
        case .invalidURL, .invalidRequest: return context.response(toUnexpected: self)
        case .timedOut: error = HTTPError(.gatewayTimeout)
        case .tooManyRequests: error = HTTPError(.serviceUnavailable, headers: [.retryAfter: "1"])
        default: error = HTTPError(.badGateway)
        }
        context.logger.error(
            "another server could not be asked",
            metadata: ["error": "\(self)", "route": "\(context.route ?? "-")"])
        return context.response(to: error)
    }
}
