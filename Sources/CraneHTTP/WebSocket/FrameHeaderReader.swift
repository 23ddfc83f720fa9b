/// Reads a frame's head (RFC 6455, section 5.2), resumable at any byte; refuses at the first byte that shows why.
struct FrameHeaderReader {
    /// Whether the peer is a client, which must mask (RFC 6455, section 5.1).
    let expectsMask: Bool
    let allowsCompression: Bool

    private var head = InlineArray<14, UInt8>(repeating: 0)
    private var have = 0
    /// Whether no part of a head has come.
    var isFresh: Bool { have == 0 }
    private var need = 2
    private var header = FrameHeader(
        opcode: .continuation, isFinal: true, isCompressed: false, length: 0, mask: nil)

    init(expectsMask: Bool, allowsCompression: Bool) {
        self.expectsMask = expectsMask
        self.allowsCompression = allowsCompression
    }

    /// Takes bytes from `position` on; `nil` when the head goes on after them.
    ///
    /// `isInMessage` says whether a fragmented message is under way.
    mutating func read(
        _ input: UnsafeRawBufferPointer, from position: inout Int, isInMessage: Bool
    ) throws(WebSocketClosure) -> FrameHeader? {
        while have < need {
            guard position < input.count else { return nil }
            head[have] = unsafe input[position]
            position += 1
            have += 1
            switch have {
            case 1: try readFirst(isInMessage: isInMessage)
            case 2: try readSecond()
            default: break
            }
        }
        try readLength()
        if expectsMask {
            let start = need - 4
            let key =
                UInt32(head[start]) | UInt32(head[start + 1]) << 8 | UInt32(head[start + 2]) << 16
                | UInt32(head[start + 3]) << 24
            header.mask = FrameMask(key: key)
        }
        have = 0
        need = 2
        return header
    }

    private mutating func readFirst(isInMessage: Bool) throws(WebSocketClosure) {
        let byte = head[0]
        guard byte & 0x30 == 0 else { throw .violation("a reserved bit is set") }
        guard let opcode = FrameOpcode(rawValue: byte & 0x0F) else { throw .violation("an unknown opcode") }
        header.opcode = opcode
        header.isFinal = byte & 0x80 != 0
        header.isCompressed = byte & 0x40 != 0
        // RFC 7692, section 6.1: only the first frame of a message carries the bit.
        if header.isCompressed, !allowsCompression || opcode.isControl || opcode == .continuation {
            throw .violation("a reserved bit is set")
        }
        if opcode.isControl {
            guard header.isFinal else { throw .violation("a control frame in fragments") }
        } else if (opcode == .continuation) != isInMessage {
            throw .violation(
                isInMessage ? "a message within a message" : "a continuation of no message")
        }
    }

    private mutating func readSecond() throws(WebSocketClosure) {
        let byte = head[1]
        guard (byte & 0x80 != 0) == expectsMask else {
            throw .violation(expectsMask ? "a frame that is not masked" : "a frame that is masked")
        }
        let length = byte & 0x7F
        if header.opcode.isControl, length > 125 { throw .violation("a control frame over 125 bytes") }
        need = 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + (expectsMask ? 4 : 0)
    }

    private mutating func readLength() throws(WebSocketClosure) {
        let short = Int(head[1] & 0x7F)
        guard short > 125 else {
            header.length = short
            return
        }
        var length: UInt64 = 0
        for index in 2..<(short == 126 ? 4 : 10) { length = length << 8 | UInt64(head[index]) }
        guard length > (short == 126 ? 125 : 0xFFFF) else {
            throw .violation("a length in more bytes than it needs")
        }
        guard length <= UInt64(Int.max) else { throw .violation("a length over 63 bits") }
        header.length = Int(length)
    }
}
