import CraneSystem
public import HTTPTypes

/// A request: its head as the bytes that came, with a table of where everything stands, and its body.
///
/// The head's bytes are copied once, into memory of the request's own that the server uses again for later requests;
/// strings are made only when asked for. A request is written by the parser, and its body set by the server, before anybody
/// else sees it; it never changes after that, but for the prefix that an application takes off its path first.
@safe
public final class Request: @unchecked Sendable {
    // Written by the parser only, before the request is handed on: nothing is left for run-time exclusivity checks to find,
    // and they cost more than the parsing itself.
    @exclusivity(unchecked)
    package var memory: UnsafeMutableRawPointer
    @safe @exclusivity(unchecked)
    private var currentCapacity: Int
    /// Bytes in use: the head, then the decoded path when it has percent signs.
    @safe @exclusivity(unchecked)
    package var byteCount = 0

    @safe @exclusivity(unchecked)
    package var methodRange = ByteRange()
    /// The request-target as sent (RFC 9112, section 3.2).
    @safe @exclusivity(unchecked)
    package var targetRange = ByteRange()
    @safe @exclusivity(unchecked)
    package var rawPathRange = ByteRange()
    @safe @exclusivity(unchecked)
    package var queryRange = ByteRange()
    @safe @exclusivity(unchecked)
    package var hasQuery = false
    /// The path with its percent-encoding taken off: `rawPathRange` where there is none.
    @safe @exclusivity(unchecked)
    package var pathRange = ByteRange()
    @safe @exclusivity(unchecked)
    private var hasCutPath = false
    @safe @exclusivity(unchecked)
    package var fields = FieldTable()
    @safe @exclusivity(unchecked)
    private var currentFraming = RequestFraming()

    @safe @exclusivity(unchecked)
    var parsedMethod: HTTPRequest.Method = .get
    @safe @exclusivity(unchecked)
    var methodKind = MethodKind.other
    @safe @exclusivity(unchecked)
    private var currentBody: RequestBody = .empty
    @safe @exclusivity(unchecked)
    private var currentConnection: ConnectionInfo

    // Other modules read through these: a stored property would bring them the run-time checks that are off here.
    public var method: HTTPRequest.Method { parsedMethod }
    package var isGet: Bool { methodKind == .get }
    package var isHead: Bool { methodKind == .head }
    public package(set) var body: RequestBody {
        get { currentBody }
        set { currentBody = newValue }
    }
    public var connection: ConnectionInfo { currentConnection }
    /// Bytes of memory of its own.
    package var capacity: Int { currentCapacity }
    /// Whether a prefix has been taken off the path.
    package var isPathCut: Bool { hasCutPath }
    package var framing: RequestFraming {
        get { currentFraming }
        set { currentFraming = newValue }
    }

    package init(connection: ConnectionInfo, capacity: Int = 1024) {
        currentConnection = connection
        currentCapacity = capacity
        // Freed in deinit.
        unsafe memory = .allocate(byteCount: capacity, alignment: 8)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Makes the request fit for another head; the caller holds the only reference.
    ///
    /// - Parameter peer: that of its connection, on the same loop as before.
    package func reset(peer: PeerAddress) {
        byteCount = 0
        fields.removeAll()
        framing = RequestFraming()
        hasQuery = false
        hasCutPath = false
        currentBody = .empty
        currentConnection.peer = peer
        // The room that one long head needed is not kept for a thousand short ones.
        if capacity > 8192 { resize(to: 1024) }
    }

    private func resize(to size: Int) {
        let room = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        unsafe room.copyMemory(from: memory, byteCount: byteCount)
        unsafe memory.deallocate()
        unsafe memory = room
        currentCapacity = size
    }

    /// Gives back the room that the head does not take, for a connection that is known by it as long as it is open.
    ///
    /// Called before anybody else sees the request.
    package func fit() {
        resize(to: byteCount)
        fields.fit()
    }

    /// Appends bytes to the request's own memory.
    package func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        unsafe reserve(bytes.count).copyMemory(from: start, byteCount: bytes.count)
        byteCount += bytes.count
    }

    /// Puts the authority of an absolute target in place of the Host field (RFC 9112, section 3.2.2).
    func setHost(_ authority: ByteRange, at index: Int?) {
        if let index {
            fields[index].value = authority
        } else {
            let name = ByteRange(start: byteCount, end: byteCount + 4)
            append("host")
            fields.append(.init(name: name, value: authority))
        }
    }

    /// Sets the path to one that the target did not spell out.
    func setPath(_ path: StaticString) {
        rawPathRange = ByteRange(start: byteCount, end: byteCount + path.utf8CodeUnitCount)
        pathRange = rawPathRange
        append(path)
    }

    /// Takes so many bytes off the decoded path, which begins at its next slash then and is never empty.
    ///
    /// Called by an application under a prefix before anybody else sees the request; the raw path stays as it was sent.
    package func cutPath(_ count: Int) {
        let start = Int(pathRange.start)
        hasCutPath = true
        pathRange =
            count < pathRange.count
            ? ByteRange(start: start + count, end: Int(pathRange.end))
            : ByteRange(start: start, end: start + 1)
    }

    private func append(_ text: StaticString) {
        unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func reserve(_ extra: Int) -> UnsafeMutableRawPointer {
        if byteCount + extra > capacity { resize(to: max(capacity * 2, byteCount + extra)) }
        return unsafe memory + byteCount
    }

    /// Takes the percent-encoding off the path (RFC 3986, section 2.1); a `%` without two digits stays as it is.
    ///
    /// Called once by the parser, only when the raw path has a percent sign.
    package func decodePath() {
        let start = byteCount
        let room = unsafe reserve(rawPathRange.count)
        var written = 0
        var index = Int(rawPathRange.start)
        let end = Int(rawPathRange.end)
        while index < end {
            var byte = unsafe memory.load(fromByteOffset: index, as: UInt8.self)
            if byte == UInt8(ascii: "%"), index + 2 < end,
                let high = unsafe memory.load(fromByteOffset: index + 1, as: UInt8.self).hexValue,
                let low = unsafe memory.load(fromByteOffset: index + 2, as: UInt8.self).hexValue
            {
                byte = high << 4 | low
                index += 2
            }
            unsafe room.storeBytes(of: byte, toByteOffset: written, as: UInt8.self)
            written += 1
            index += 1
        }
        byteCount += written
        pathRange = ByteRange(start: start, end: byteCount)
    }
}

extension Request {
    /// The bytes at `range`.
    @_lifetime(borrow self)
    package func bytes(_ range: ByteRange) -> Span<UInt8> {
        // The parser lays ranges within what has been written of the memory, which the request frees with itself.
        let span = unsafe RawSpan(_unsafeStart: memory + Int(range.start), byteCount: range.count)
        return unsafe _overrideLifetime(Span(_bytes: span), borrowing: self)
    }

    /// The decoded path's bytes; no string is made.
    public var pathBytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes(pathRange) }
    }

    /// The path's bytes as they were sent.
    public var rawPathBytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes(rawPathRange) }
    }

    /// The query's bytes as they were sent; none when there is no query.
    public var queryBytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes(hasQuery ? queryRange : ByteRange()) }
    }

    package var methodBytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes(methodRange) }
    }

    /// The bytes of the first value of that name; no string is made. Costs a look at each field line.
    @_lifetime(borrow self)
    public func bytes(of name: HTTPField.Name) -> Span<UInt8>? {
        guard let index = headers.range(of: name, from: 0) else { return nil }
        return bytes(fields[index].value)
    }

    /// Whether HEAD was sent, also of a request that is refused when no more than its method is known.
    package var saysHead: Bool { methodBytes.equals("HEAD") }

    /// The text at `range`; bytes that are not UTF-8 become U+FFFD.
    package func string(_ range: ByteRange) -> String { bytes(range).text }

    /// The path, percent-decoded and without the prefix that the application stands under: `/comments/1`.
    public var path: String { string(pathRange) }
    /// The path as it was sent.
    public var rawPath: String { string(rawPathRange) }
    /// The query as it was sent, without the question mark; `nil` when there is none.
    public var query: String? { hasQuery ? string(queryRange) : nil }
    /// The request-target as it was sent (RFC 9112, section 3.2).
    public var target: String { string(targetRange) }
    /// Whether the client speaks HTTP/1.0 rather than 1.1.
    public var isHTTP10: Bool { framing.minorVersion == 0 }
    /// The header fields.
    public var headers: RequestHeaders { RequestHeaders(request: self) }
    /// Where the connection comes from: the peer itself, which may be a proxy.
    public var peer: PeerAddress { connection.peer }
}

/// The methods that are asked about for each request: to compare texts costs more.
enum MethodKind {
    case get
    case head
    case other
}

/// A half-open range of the head's bytes; heads are shorter than 64 KiB.
package struct ByteRange: Sendable, Equatable {
    package var start: UInt16 = 0
    package var end: UInt16 = 0

    package init() {}

    package init(start: Int, end: Int) {
        self.start = UInt16(truncatingIfNeeded: start)
        self.end = UInt16(truncatingIfNeeded: end)
    }

    package var count: Int { Int(end) - Int(start) }
}

/// How the message is framed and what becomes of the connection after it (RFC 9112, sections 6 and 9).
package struct RequestFraming: Sendable, Equatable {
    package enum Body: Sendable, Equatable {
        case none
        case length(UInt64)
        case chunked
    }

    package var body = Body.none
    package var minorVersion: UInt8 = 1
    /// Whether the client lets the connection be used again.
    package var keepAlive = true
    /// Whether the client waits for `100 Continue` (RFC 9110, section 10.1.1).
    package var expectsContinue = false
    /// Whether `Connection: upgrade` and an `Upgrade` field are both there (RFC 9110, section 7.8).
    package var wantsUpgrade = false

    package init() {}
}
