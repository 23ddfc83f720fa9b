import CraneHTTP
public import CraneSchema
import CraneSystem
public import HTTPTypes

/// A request to another server.
public struct ClientRequest: Sendable {
    /// The method.
    public var method: HTTPRequest.Method
    /// `http://…` or `https://…`, percent-encoded.
    public var url: String
    /// Its fields. `Host`, `User-Agent`, `Accept` and `Accept-Encoding` are added where they are missing.
    public var headers: HTTPFields
    /// What is sent, `nil` for nothing.
    public var body: ClientBody?
    /// From the call to the last byte of the response; the client's own time-out when it is `nil`.
    public var timeout: Duration?

    /// A request, which is checked when it is sent.
    ///
    /// - Parameters:
    ///   - method: any method of HTTP.
    ///   - url: with its scheme, `http://` or `https://`.
    ///   - query: pairs that are encoded and put behind the URL's own query.
    ///   - headers: the fields, but for those that the client makes itself: framing, connection, upgrade.
    ///   - body: what is sent; `nil` for nothing.
    ///   - timeout: from the call to the last byte of the response; `nil` for the client's own.
    public init(
        _ method: HTTPRequest.Method, _ url: String, query: KeyValuePairs<String, String> = [:],
        headers: HTTPFields = HTTPFields(), body: ClientBody? = nil, timeout: Duration? = nil
    ) {
        self.method = method
        self.url = Self.append(query, to: url)
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }

    /// RFC 3986, section 3.4: between the path and the fragment.
    private static func append(_ query: KeyValuePairs<String, String>, to url: String) -> String {
        guard !query.isEmpty else { return url }
        let pairs = query.map { $0.key.percentEncoded() + "=" + $0.value.percentEncoded() }
        let end = url.firstIndex(of: "#") ?? url.endIndex
        let base = url[..<end]
        let mark = !base.contains("?") ? "?" : base.last == "?" || base.last == "&" ? "" : "&"
        return base + mark + pairs.joined(separator: "&") + url[end...]
    }

    /// Scheme, host and port of the URL, for logs: the rest may hold secrets.
    var origin: String {
        guard let colon = url.firstIndex(of: ":"), url[colon...].begins(with: "://") else {
            return "an unreadable URL"
        }
        let authority = url[colon...].dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.pieces(at: "@").last ?? authority
        return url[..<colon] + "://" + host
    }
}

/// What a request sends, and the `Content-Type` that says so unless the request has its own.
public struct ClientBody: Sendable {
    /// The bytes as they are sent.
    public var bytes: [UInt8]
    /// The value of `Content-Type`; `nil` for none.
    public var contentType: String?

    /// Any bytes.
    public init(_ bytes: [UInt8], contentType: String? = nil) {
        self.bytes = bytes
        self.contentType = contentType
    }

    /// `application/json` from text that is JSON already.
    public static func json(_ json: String) -> ClientBody {
        ClientBody(Array(json.utf8), contentType: "application/json")
    }

    /// `application/json` of a value that describes itself.
    @_disfavoredOverload
    public static func json(_ value: some SchemaRepresentable) -> ClientBody {
        ClientBody(type(of: value).schema.encode(value), contentType: "application/json")
    }

    /// `application/json` of a tree: `.json(["state": "ready", "waiting": 3])`.
    @_disfavoredOverload
    public static func json(_ value: JSONValue) -> ClientBody {
        ClientBody(JSONValue.schema.encode(value), contentType: "application/json")
    }

    /// `application/x-www-form-urlencoded`.
    public static func form(_ pairs: KeyValuePairs<String, String>) -> ClientBody {
        ClientBody(Array(formEncoded(pairs).utf8), contentType: "application/x-www-form-urlencoded")
    }

    /// `text/plain` in UTF-8.
    public static func text(_ text: String) -> ClientBody {
        ClientBody(Array(text.utf8), contentType: "text/plain; charset=utf-8")
    }
}
