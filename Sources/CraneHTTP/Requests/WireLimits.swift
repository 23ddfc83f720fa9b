/// How much of a request's head and chunked framing a client may send; each bound has its own status.
public struct WireLimits: Sendable {
    /// Bytes of the request line without its CRLF; past it 414 (RFC 9112, section 3).
    public var requestLine: Int
    /// Bytes of all field lines with the empty line that ends them; past it 431 (RFC 6585, section 5).
    public var headerBytes: Int
    /// Field lines; past it 431.
    public var headerCount: Int
    /// Bytes of chunk extensions in one body; past it 413 (RFC 9112, section 7.1.1).
    public var chunkExtensionBytes: Int

    public init(
        requestLine: Int = 8192, headerBytes: Int = 32768, headerCount: Int = 100,
        chunkExtensionBytes: Int = 4096
    ) {
        self.requestLine = requestLine
        self.headerBytes = headerBytes
        self.headerCount = headerCount
        self.chunkExtensionBytes = chunkExtensionBytes
    }

    /// The limits brought into the range that a head's 16-bit offsets can hold, with the decoded path behind it.
    var clamped: WireLimits {
        let line = min(max(requestLine, 16), 16 << 10)
        let room = Int(UInt16.max) - 2 * line - 64
        return WireLimits(
            requestLine: line, headerBytes: min(max(headerBytes, 16), room), headerCount: max(headerCount, 1),
            chunkExtensionBytes: max(chunkExtensionBytes, 0))
    }
}
