import CraneSchema
public import HTTPTypes

/// A request that a test sends.
public struct TestRequest: Sendable {
    /// The method.
    public var method: HTTPRequest.Method
    /// Path and query, percent-encoded.
    public var target: String
    /// Its fields; a client adds `Host`, the length and its cookies.
    public var headers: HTTPFields
    /// The body, empty for none.
    public var body: [UInt8]

    /// A request with fields and a body.
    public init(
        _ method: HTTPRequest.Method, _ target: String, headers: HTTPFields = HTTPFields(), body: [UInt8] = []
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The head as it goes over the wire.
    func head(host: String, isLast: Bool) -> [UInt8] {
        var head = Array(
            "\(method.rawValue) \(target) HTTP/1.1\r\nHost: \(headers[.hostField] ?? host)\r\n".utf8)
        for field in headers where field.name != .hostField {
            head += Array("\(field.name.rawName): ".utf8)
            unsafe field.withUnsafeBytesOfValue { head += unsafe Array($0) }
            head += [13, 10]
        }
        if !body.isEmpty { head += Array("Content-Length: \(body.count)\r\n".utf8) }
        if isLast { head += Array("Connection: close\r\n".utf8) }
        return head + [13, 10]
    }
}

extension HTTPField.Name {
    // swift-http-types keeps this name for the pseudo field of HTTP/2.
    static let hostField: HTTPField.Name = HTTPField.Name(parsed: "host") ?? .accept
}
