public import CraneHTTP
public import HTTPTypes

/// A page: `text/html` in UTF-8.
public struct HTML: ResponseConvertible {
    public static var mediaType: String? { "text/html" }

    /// The page as it is sent.
    public let text: String

    /// A page of markup that is ready: nothing is escaped.
    public init(_ text: String) {
        self.text = text
    }

    /// The text with what means something in HTML as character references, safe in an element and in a quoted attribute.
    public static func escaped(_ text: String) -> String {
        var html = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(scalar)
            }
        }
        return html
    }

    public func response(
        for request: Request, context: Context, status: HTTPResponse.Status?
    ) async throws -> Response {
        .html(text, status: status ?? .ok)
    }
}
