import CraneHTTP
import Synchronization

/// Inflates messages of WebSockets, piece by piece. In the hands of one message at a time; kept for the next.
@safe
final class MessageInflater: @unchecked Sendable {
    private static let spare = Mutex<[MessageInflater]>([])
    private static let spareBound = 8

    private let stream = InflateStream(.raw(bits: 15))
    private static let windowSize = 1 << 15
    /// What the loop can do beside its other work in one go: some tenths of a millisecond.
    static let piece = 64 << 10
    /// What the sender has left away (RFC 7692, section 7.2.1).
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    // The present message, how much of it is done, and what it may refer to.
    private var message: [UInt8] = []
    private var position = 0
    private var window: [UInt8] = []
    private var limit = 0
    /// Blocks of it that said they were the last; each costs a new beginning.
    private var lastBlocks = 0
    private static let lastBlockBound = 16
    /// The inflated message.
    let output = OutputBuffer(capacity: 4096)

    private init() {}

    static func take() -> MessageInflater {
        spare.withLock { $0.popLast() } ?? MessageInflater()
    }

    func giveBack() {
        message = []
        window = []
        guard output.allocated <= 256 << 10 else { return }
        MessageInflater.spare.withLock { spare in
            if spare.count < MessageInflater.spareBound { spare.append(self) }
        }
    }

    /// Begins with a message that may refer to `window`, of at most `limit` bytes (RFC 7692, section 7.2.2).
    func begin(_ message: [UInt8], after window: [UInt8], limit: Int) {
        self.message = message
        self.window = window
        self.limit = limit
        position = 0
        lastBlocks = 0
        output.removeAll()
        stream.reset(window)
    }

    /// Inflates a piece of the message, at most `MessageInflater.piece` bytes of input and of output; true when it was the last.
    ///
    /// Throws 1002 for what cannot be inflated, 1009 past the limit.
    func next() throws(WebSocketClosure) -> Bool {
        let end = output.count + MessageInflater.piece
        let isMessageDone = try take(message, from: &position, upTo: end)
        guard isMessageDone else { return false }
        var tail = 0
        // Nothing is left inside zlib when the room was not filled.
        return output.count < end ? try take(MessageInflater.tail, from: &tail, upTo: .max) : false
    }

    /// Inflates from `position` on until the output has `end` bytes or a piece of the input is done; true when all of it is.
    private func take(
        _ input: [UInt8], from position: inout Int, upTo end: Int
    ) throws(WebSocketClosure) -> Bool {
        let count = min(input.count - position, MessageInflater.piece)
        var taken = 0
        // The array outlives the call, and zlib reads no more than the piece.
        let failure = unsafe input.withUnsafeBytes { bytes in
            let piece = unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
            return unsafe inflate(piece, from: &taken, upTo: end)
        }
        if let failure { throw failure }
        position += taken
        return position == input.count && output.count < end
    }

    /// Inflates a piece of the input; returns what is wrong with it.
    private func inflate(
        _ input: UnsafeRawBufferPointer, from taken: inout Int, upTo end: Int
    ) -> WebSocketClosure? {
        var isFull: Bool
        repeat {
            // One byte over the limit is enough to know.
            let size = min(max(4096, output.count), limit + 1 - output.count, end - output.count)
            let before = output.count
            let outcome = unsafe stream.inflate(input, from: &taken, room: size, to: output)
            isFull = output.count - before == size
            guard output.count <= limit else { return .tooBig(limit) }
            switch outcome {
            case .more: break
            case .end where lastBlocks < MessageInflater.lastBlockBound:
                lastBlocks += 1
                // RFC 7692, section 7.2.3.4: a block may say that it is the last, and others follow all the same.
                let recent = unsafe Array(output.bytes.suffix(MessageInflater.windowSize))
                stream.reset(Array((window + recent).suffix(MessageInflater.windowSize)))
            case .end, .broken:
                return WebSocketClosure(.protocolError, "a message that cannot be inflated")
            }
        } while output.count < end && (taken < input.count || isFull)
        return nil
    }
}
