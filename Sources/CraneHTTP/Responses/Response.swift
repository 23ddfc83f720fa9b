public import HTTPTypes

/// A response: status, fields, body.
///
/// The server adds `date`, `content-length` or `transfer-encoding`, and `connection` itself (RFC 9110, 8.6; RFC 9112, 6).
public struct Response: Sendable {
    public var status: HTTPResponse.Status
    /// The fields.
    public var headers: HTTPFields {
        get { usualType?.fields ?? fields }
        set {
            usualType = nil
            fields = newValue
        }
        _modify {
            if let type = usualType.take() { fields = type.fields }
            yield &fields
        }
    }
    public var body: ResponseBody
    /// The only field, where it is a usual `content-type`: it stands for itself until somebody asks for the fields.
    package private(set) var usualType: UsualType?
    /// The fields, where there is no usual type.
    @usableFromInline package var fields = HTTPFields()
    /// Whether another `Origin` would get other fields: `vary: Origin` then stands beside `headers`, at the cost of a flag, which
    /// takes no room behind the body.
    package var variesByOrigin = false
    /// Field lines as they go out, each with its CRLF, after `headers`: for what a middleware puts on every response.
    @usableFromInline package var fieldLines: [UInt8]
    /// As `fieldLines`, for lines that are the same for many responses: to give them is a reference.
    package var sharedLines: [UInt8] = []
    /// Runs on the request's loop after the response has been handed to the socket, or could not be; `nil` for nothing.
    public var afterSend: (@Sendable () async -> Void)?

    @inlinable
    public init(
        status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields(), body: ResponseBody = .empty
    ) {
        self.status = status
        self.fields = headers
        self.body = body
        fieldLines = []
    }

    /// A response whose only field, beside prepared lines, is a usual type: that costs no more than its line.
    package init(
        status: HTTPResponse.Status = .ok, type: UsualType, body: ResponseBody, fieldLines: [UInt8] = []
    ) {
        self.status = status
        usualType = type
        self.body = body
        self.fieldLines = fieldLines
    }
}

/// The types that most answers have.
package enum UsualType: UInt8, CaseIterable, Sendable {
    case json
    case text
    case html

    // Shared: giving a response its fields is a reference, not an allocation.
    private static let jsonFields: HTTPFields = [.contentType: "application/json"]
    private static let textFields: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
    private static let htmlFields: HTTPFields = [.contentType: "text/html; charset=utf-8"]

    package var fields: HTTPFields {
        switch self {
        case .json: Self.jsonFields
        case .text: Self.textFields
        case .html: Self.htmlFields
        }
    }

    /// The field as it goes out.
    @inline(__always)
    func write(to output: OutputBuffer) {
        switch self {
        case .json: output.append("Content-Type: application/json\r\n")
        case .text: output.append("Content-Type: text/plain; charset=utf-8\r\n")
        case .html: output.append("Content-Type: text/html; charset=utf-8\r\n")
        }
    }
}

/// A response's body: bytes that are here, or a stream that is written as the client takes it.
public struct ResponseBody: Sendable {
    @usableFromInline
    package enum Storage: Sendable {
        case string(String)
        case bytes([UInt8])
        case stream(length: Int?, holding: Int = 0, @Sendable (any ResponseWriter) async throws -> Void)
        /// No body: the connection leaves HTTP, and this runs it from then on.
        case upgrade(Upgrade)
    }

    @usableFromInline
    package let storage: Storage

    @inlinable
    init(storage: Storage) {
        self.storage = storage
    }

    @inlinable
    public static var empty: ResponseBody { ResponseBody("") }

    @inlinable
    public init(_ string: String) {
        self.init(storage: .string(string))
    }

    @inlinable
    public init(_ bytes: [UInt8]) {
        self.init(storage: .bytes(bytes))
    }

    /// A body that `write` produces while it is sent, chunked unless its `length` in bytes is given.
    ///
    /// Each `write` to the writer waits until the client has room. An error thrown after the head has left closes the
    /// connection without the final chunk, so that the client sees the body cut (RFC 9112, section 8).
    public init(
        length: Int? = nil, stream write: @escaping @Sendable (any ResponseWriter) async throws -> Void
    ) {
        self.init(storage: .stream(length: length, write))
    }

    /// Such a body that keeps `held` bytes in memory until it has been written.
    package init(
        length: Int?, holding held: Int,
        stream write: @escaping @Sendable (any ResponseWriter) async throws -> Void
    ) {
        self.init(storage: .stream(length: length, holding: held, write))
    }

    /// What is in memory until the body has been written.
    package var heldBytes: Int {
        switch storage {
        case .string(let string): string.utf8.count
        case .bytes(let bytes): bytes.count
        case .stream(_, let held, _): held
        case .upgrade: 0
        }
    }

    /// The same body, written piece by piece: what is in memory is not copied as a whole.
    package var inPieces: ResponseBody {
        let bytes: [UInt8]
        switch storage {
        case .bytes(let known): bytes = known
        case .string(let string): bytes = Array(string.utf8)
        case .stream, .upgrade: return self
        }
        return ResponseBody(length: bytes.count, holding: bytes.count) { writer in
            let piece = 64 << 10
            for start in stride(from: 0, to: bytes.count, by: piece) {
                try await writer.write(Array(bytes[start..<min(start + piece, bytes.count)]))
            }
        }
    }

    /// The length in bytes, `nil` for a stream of unknown length.
    public var length: Int? {
        switch storage {
        case .string(let string): string.utf8.count
        case .bytes(let bytes): bytes.count
        case .stream(let length, _, _): length
        case .upgrade(let upgrade): upgrade.isBody ? nil : 0
        }
    }
}

/// The client's end of a streamed body.
public protocol ResponseWriter: AnyObject, Sendable {
    /// Sends `bytes`, and waits while the client is behind; throws `CancellationError` when the client has gone.
    func write(_ bytes: [UInt8]) async throws

    /// The trailer fields of a chunked body, sent at its end (RFC 9112, 7.1.2).
    func setTrailers(_ trailers: HTTPFields)
}

extension ResponseWriter {
    /// Sends `string` as UTF-8.
    public func write(_ string: String) async throws {
        try await write(Array(string.utf8))
    }
}

/// Answers requests: the seam between the server and a framework.
///
/// A class, so that to ask one copies nothing.
public protocol Responder: AnyObject, Sendable {
    /// Called on the loop of the request's connection. A response that is ready needs no task; work that throws is answered 500.
    func respond(to request: Request) -> EventualResponse

    /// Called on the loop's thread when the server itself has answered what no application can see: a malformed or a late head, a
    /// connection too many.
    ///
    /// - Parameters:
    ///   - request: what is known of it: its method and path are empty when they are not; `nil` when nothing is.
    ///   - peer: who has sent it.
    ///   - status: what the server has answered.
    func requestWasRefused(_ request: Request?, from peer: PeerAddress, status: Int)

    /// Called on the loop's thread when what ran on it without a wait has taken longer than the server's threshold.
    ///
    /// - Parameters:
    ///   - request: the one that was being answered, the last of several; `nil` when that is not known.
    ///   - duration: how long the loop was held.
    ///   - requests: how many of one connection took that long together.
    func loopWasBlocked(by request: Request?, for duration: Duration, requests: Int)

    /// What is to be done before and after all requests, and beside them; `nil` for nothing.
    var lifespan: (any Lifespan)? { get }
}

extension Responder {
    public func requestWasRefused(_ request: Request?, from peer: PeerAddress, status: Int) {}
    public func loopWasBlocked(by request: Request?, for duration: Duration, requests: Int) {}
    public var lifespan: (any Lifespan)? { nil }
}
