public import CraneHTTP
public import HTTPTypes

/// An error that answers with a status and `{"detail":"..."}`, or in another `ErrorFormat` of the application.
///
/// `HTTPError(404)` is `HTTPError(.notFound)`.
public struct HTTPError: ResponseError, Hashable {
    /// The status of the response.
    public var status: HTTPResponse.Status
    /// What the client is told, as `detail`.
    public var detail: String
    /// Fields that the response has besides, or in the place of its own.
    public var headers: HTTPFields

    /// - Parameters:
    ///   - status: the status of the response.
    ///   - detail: what the client is told; the status's reason phrase by default.
    ///   - headers: fields beside those of the body.
    public init(_ status: HTTPResponse.Status, _ detail: String? = nil, headers: HTTPFields = HTTPFields()) {
        self.status = status
        self.detail = detail ?? status.phrase
        self.headers = headers
    }

    public func response(for request: Request, context: Context) -> Response {
        .detail(status, detail, headers: headers)
    }
}
