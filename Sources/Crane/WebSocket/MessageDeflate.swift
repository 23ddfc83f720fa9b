import CraneHTTP

/// Compresses and inflates the messages of one WebSocket (RFC 7692, section 7.2).
///
/// Holds no more than the windows that the next message refers to, each at most 4 KiB and empty until it is needed: zlib's
/// own working memory is shared by all connections.
struct MessageDeflate: Sendable {
    private let agreement: DeflateAgreement
    /// The end of what was sent, and of what came.
    private var sent: [UInt8] = []
    private var received: [UInt8] = []

    init(_ agreement: DeflateAgreement) {
        self.agreement = agreement
    }

    /// Forgets what was sent: the next message refers to nothing, which the client takes as well.
    mutating func forgetSent() { sent = [] }

    /// Appends a compressed message; false when memory is short.
    mutating func write(
        _ opcode: FrameOpcode, _ payload: UnsafeRawBufferPointer, to output: OutputBuffer
    ) -> Bool {
        let deflater = Deflater.take(bits: agreement.serverBits)
        defer { deflater.giveBack() }
        guard unsafe deflater.compressMessage(payload, after: sent) else { return false }
        unsafe FrameWriter.write(opcode, deflater.output.bytes, isCompressed: true, to: output)
        if !agreement.serverResets {
            unsafe MessageDeflate.remember(payload, in: &sent, bits: agreement.serverBits)
        }
        return true
    }

    /// Begins to inflate a message into at most `limit` bytes.
    func inflation(of message: CompressedMessage, limit: Int) -> Inflation {
        Inflation(message, after: received, limit: limit)
    }

    /// The message that has been inflated to its end: later ones may refer to it.
    ///
    /// Throws 1007 for a text that ends amid a character.
    mutating func message(_ inflation: borrowing Inflation) throws(WebSocketClosure) -> WebSocket.Message {
        if !agreement.clientResets, let bits = agreement.clientBits {
            unsafe MessageDeflate.remember(inflation.output.bytes, in: &received, bits: bits)
        }
        return try inflation.message
    }

    /// Keeps the last bytes of all that went through, as many as the window has.
    private static func remember(_ payload: UnsafeRawBufferPointer, in window: inout [UInt8], bits: Int) {
        let size = 1 << bits
        if payload.count >= size {
            window = unsafe Array(payload[(payload.count - size)...])
            return
        }
        let excess = window.count + payload.count - size
        if excess > 0 { window.removeFirst(excess) }
        unsafe window.append(contentsOf: payload)
    }
}

extension Deflater {
    /// Speed against size: messages are small, and the loop waits.
    private static let messageLevel: Int32 = 3

    /// One for messages, with a window of so many bits.
    static func take(bits: Int) -> Deflater { take(.raw(bits: Int32(bits)), level: messageLevel) }

    /// Compresses a message that may refer to `window`; false when memory is short. RFC 7692, section 7.2.1.
    func compressMessage(_ payload: UnsafeRawBufferPointer, after window: [UInt8]) -> Bool {
        setWindow(window)
        // The caller's bytes outlive the call.
        guard unsafe write(payload, .sync) else { return false }
        // The empty block at the end, 00 00 FF FF, is understood.
        output.truncate(to: output.count - 4)
        return true
    }
}
