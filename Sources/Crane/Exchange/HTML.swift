public import CraneHTTP
public import HTTPTypes

/// A page: `text/html` in UTF-8.
public struct HTML: SynchronousResponseConvertible {
    public static var mediaType: String? { "text/html" }

    /// The page as it is sent.
    public let text: String
    private var headers: HTTPFields
    private let hasTag: Bool
    /// The text as it is sent to those who take gzip.
    private var coded: [UInt8]?

    /// A page of markup that is ready: nothing is escaped.
    ///
    /// - Parameters:
    ///   - text: the markup.
    ///   - headers: fields beside the page's own, or in their place.
    ///   - hasTag: whether it has an entity tag, made of the text, by which a client that has this very page is answered 304.
    public init(_ text: String, headers: HTTPFields = HTTPFields(), hasTag: Bool = false) {
        self.text = text
        self.headers = headers
        self.hasTag = hasTag
    }

    /// The same page, in gzip for a client that takes it: a third or less, at some 50 us for 10 KB, so on a worker thread.
    public func compressed(for request: Request) -> HTML {
        var page = self
        page.headers.append(HTTPField(name: .vary, value: "Accept-Encoding"))
        if AcceptedCodings(request).best(of: [.gzip]) != nil {
            page.coded = ContentCoding.gzip.compress(Array(text.utf8), level: 5)
        }
        return page
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
    ) -> Response {
        var response = Response.html(text, status: status ?? .ok)
        response.headers.replace(with: headers)
        if let coded {
            response.headers[.contentEncoding] = "gzip"
            response.body = ResponseBody(coded)
        }
        guard hasTag, response.status == .ok else { return response }
        var hash = ContentHash()
        hash.add(text.utf8)
        // The same bytes in another coding are another state (RFC 9110, section 8.8.3.3).
        let tag = "\"\(hash.text)\(coded == nil ? "" : "-gzip")\""
        response.headers[.eTag] = tag
        switch Preconditions(request).verdict(on: tag) {
        case .proceed: return response
        case .notModified:
            // RFC 9110, section 15.4.5: what describes the body stays away.
            response.headers[.contentType] = nil
            response.headers[.contentEncoding] = nil
            return Response(status: .notModified, headers: response.headers)
        case .failed: return context.response(to: HTTPError(.preconditionFailed))
        }
    }
}
