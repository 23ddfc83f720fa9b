public import HTTPTypes
public import HTTPWire

/// A page: `text/html` in UTF-8.
public struct HTML: Answer {
    public static var mediaType: String? { "text/html" }

    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) async throws -> Response {
        .html(text, status: status ?? .ok)
    }
}
