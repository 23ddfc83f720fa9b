public import CraneHTTP
import CraneSystem
import HTTPTypes

/// Inflates the bodies of requests that say `Content-Encoding: gzip` or `deflate` (RFC 9110, section 8.4).
///
/// Handlers and inputs read the body as it was before, with their own bounds, and none that is longer than this one's: 413. A coding
/// that is not known, and more than one, is 415 with the known ones in `Accept-Encoding`; what cannot be inflated is 400. The field itself
/// stays among the request's. A few bytes can stand for gigabytes: beyond 64 KiB a body may be `ratio` times as long as what came.
public struct RequestDecompression: SynchronousMiddleware {
    private let limit: Int
    private let ratio: Int

    /// - Parameters:
    ///   - limit: the most bytes that a body may have when it is inflated; 413 beyond.
    ///   - ratio: how many times as long as what came a body may be; 413 beyond. Texts seldom reach 20.
    public init(upTo limit: Int = 16 << 20, ratio: Int = 100) {
        precondition(limit > 0 && ratio > 0, "a bound is a number above 0")
        self.limit = limit
        self.ratio = ratio
    }

    public func enter(_ request: Request, _ context: Context) throws -> Response? {
        guard let field = request.headers[.contentEncoding] else { return nil }
        let isGzip: Bool
        switch field.withoutBlanks.loweredASCII {
        case "", "identity": return nil
        case "gzip", "x-gzip": isGzip = true
        case "deflate": isGzip = false
        default:
            throw HTTPError(
                .unsupportedMediaType, "Content-Encoding may be gzip or deflate",
                headers: [.acceptEncoding: "gzip, deflate"])
        }
        request.body = RequestBody(
            source: InflatingSource(
                request.body, request.connection, isGzip: isGzip, limit: limit, ratio: ratio))
        return nil
    }
}
