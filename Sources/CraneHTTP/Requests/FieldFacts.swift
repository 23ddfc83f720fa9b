/// What the field lines say about framing and the connection, noted as they are read (RFC 9112, sections 3.2, 6, 7 and 9).
struct FieldFacts {
    private enum TransferCoding: UInt8 {
        case absent, chunked
        /// `chunked` comes last, behind codings that are not implemented.
        case unsupported
    }

    /// The index of the Host line.
    private(set) var hostIndex: Int?
    private(set) var hostIsEmpty = false
    private var contentLength: UInt64?
    private var transferCoding = TransferCoding.absent
    private var saysClose = false
    private var saysKeepAlive = false
    private var saysUpgrade = false
    private var hasUpgrade = false
    private var expectsContinue = false
    private var expectsMore = false

    /// Notes a line; throws as soon as it is one that no request may have.
    @inline(__always)
    mutating func note(_ line: FieldTable.Line, at index: Int, _ base: UnsafeRawPointer) throws(WireError) {
        let length = line.name.count
        // The length tells most fields from the six that matter here.
        switch length {
        case 4, 6, 7, 10, 14, 17: break
        default: return
        }
        let name = unsafe base + Int(line.name.start)
        // Within what the parser has read, which stays where it is until the call returns.
        let bytes = unsafe RawSpan(_unsafeStart: base + Int(line.value.start), byteCount: line.value.count)
        let value = Span<UInt8>(_bytes: bytes)
        if unsafe matches(name, length, "host") {
            try noteHost(value, at: index)
        } else if unsafe matches(name, length, "connection") {
            noteConnection(value)
        } else if unsafe matches(name, length, "content-length") {
            try noteContentLength(value)
        } else if unsafe matches(name, length, "transfer-encoding") {
            try noteTransferEncoding(value)
        } else if unsafe matches(name, length, "upgrade") {
            hasUpgrade = true
        } else if unsafe matches(name, length, "expect") {
            noteExpect(value)
        } else if unsafe matches(name, length, "content_length") || matches(name, length, "transfer_encoding")
        {
            // Gateways that turn names into variables make no difference between the underscore and the hyphen.
            throw .malformed("a framing field spelt with an underscore")
        }
    }

    private mutating func noteHost(_ value: Span<UInt8>, at index: Int) throws(WireError) {
        guard hostIndex == nil else { throw .malformed("more than one Host field") }
        hostIndex = index
        switch hostSyntax(value) {
        case .invalid: throw .malformed("a Host field that is not host and port")
        case .empty: hostIsEmpty = true
        case .named: hostIsEmpty = false
        }
    }

    /// RFC 9112, section 6.3: digits only, once; a list of equal values is refused too, which it allows.
    private mutating func noteContentLength(_ value: Span<UInt8>) throws(WireError) {
        guard contentLength == nil else { throw .malformed("more than one Content-Length field") }
        // 18 digits stay below 2^63; a leading zero is octal to some.
        guard (1...18).contains(value.count), value.count == 1 || value[0] != 48 else {
            throw .malformed("a Content-Length that is not a plain number")
        }
        var length: UInt64 = 0
        for index in 0..<value.count {
            let byte = value[index]
            guard isDigit(byte) else { throw .malformed("a Content-Length that is not a plain number") }
            length = length &* 10 &+ UInt64(byte &- 48)
        }
        contentLength = length
    }

    private mutating func noteTransferEncoding(_ value: Span<UInt8>) throws(WireError) {
        guard transferCoding == .absent else {
            throw .malformed("more than one Transfer-Encoding field")
        }
        if isEqual(value, "chunked") {
            transferCoding = .chunked
            return
        }
        // RFC 9112, section 6.3 (4): without `chunked` at the end, and only there, nobody knows where the body ends: 400.
        var last = false
        var elements = ListElements(value)
        while let element = elements.next() {
            guard !last, isToken(element) else {
                throw .malformed("a Transfer-Encoding that does not end in chunked")
            }
            last = isEqual(element, "chunked")
        }
        guard last else { throw .malformed("a Transfer-Encoding that does not end in chunked") }
        transferCoding = .unsupported
    }

    /// RFC 9110, section 7.6.1.
    private mutating func noteConnection(_ value: Span<UInt8>) {
        var options = ListElements(value)
        while let option = options.next() {
            if isEqual(option, "close") {
                saysClose = true
            } else if isEqual(option, "keep-alive") {
                saysKeepAlive = true
            } else if isEqual(option, "upgrade") {
                saysUpgrade = true
            }
        }
    }

    /// RFC 9110, section 10.1.1.
    private mutating func noteExpect(_ value: Span<UInt8>) {
        if isEqual(value, "100-continue") { expectsContinue = true } else { expectsMore = true }
    }

    /// The framing once all lines are known.
    func framing(minorVersion: UInt8) throws(WireError) -> RequestFraming {
        var framing = RequestFraming()
        framing.minorVersion = minorVersion
        if transferCoding != .absent {
            // RFC 9112, section 6.1: HTTP/1.0 has no transfer codings; section 6.3 (3): both together is an attack.
            if minorVersion == 0 { throw .malformed("Transfer-Encoding in HTTP/1.0") }
            if contentLength != nil { throw .malformed("Transfer-Encoding together with Content-Length") }
            if transferCoding == .unsupported {
                throw WireError(status: 501, reason: "an unknown transfer coding")
            }
            framing.body = .chunked
        } else if let contentLength, contentLength > 0 {
            framing.body = .length(contentLength)
        }
        if minorVersion == 0 {
            framing.keepAlive = saysKeepAlive && !saysClose
        } else {
            if expectsMore { throw WireError(status: 417, reason: "an expectation other than 100-continue") }
            framing.keepAlive = !saysClose
            framing.expectsContinue = expectsContinue && framing.body != .none
            framing.wantsUpgrade = saysUpgrade && hasUpgrade
        }
        return framing
    }
}
