public import CraneHTTP
public import HTTPTypes

/// Plain text in UTF-8, where a string alone would be sent as JSON.
public struct PlainText: SynchronousResponseConvertible {
    public static var mediaType: String? { "text/plain" }

    /// The text as it is sent.
    public let text: String

    /// A response that is this text.
    public init(_ text: String) {
        self.text = text
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) -> Response {
        .text(text, status: status ?? .ok)
    }
}
