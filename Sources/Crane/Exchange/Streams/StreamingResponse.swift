public import CraneHTTP
public import HTTPTypes

/// A body that is made while it is sent.
///
/// ```swift
/// StreamingResponse("text/csv") { writer in
///     for try await row in rows { try await writer.write(row.csv) }
/// }
/// ```
/// Each write waits until the client has room. An error that is thrown after the first bytes closes the connection, so that
/// the client sees the body cut; it is logged, and clean-ups are told, also of a client that has gone before the end.
public struct StreamingResponse: SynchronousResponseConvertible {
    private let contentType: String
    private let headers: HTTPFields
    private let body: ResponseBody

    /// - Parameters:
    ///   - contentType: the value of `Content-Type`.
    ///   - length: in bytes, where it is known; the body is chunked without it.
    ///   - headers: fields beside that one, or in its place.
    ///   - write: writes the body; runs when the head has been sent, and waits for a slow client.
    public init(
        _ contentType: String = "application/octet-stream", length: Int? = nil,
        headers: HTTPFields = HTTPFields(),
        write: @escaping @Sendable (any ResponseWriter) async throws -> Void
    ) {
        self.contentType = contentType
        self.headers = headers
        body = ResponseBody(length: length, stream: write)
    }

    /// A body of parts, each sent when it is there.
    public init<Parts: AsyncSequence & Sendable>(
        _ contentType: String = "application/octet-stream", length: Int? = nil,
        headers: HTTPFields = HTTPFields(), parts: Parts
    ) where Parts.Element == [UInt8] {
        self.init(contentType, length: length, headers: headers) { writer in
            for try await part in parts { try await writer.write(part) }
        }
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) -> Response {
        var response = Response(status: status ?? .ok, headers: [.contentType: contentType], body: body)
        response.headers.replace(with: headers)
        return response
    }
}
