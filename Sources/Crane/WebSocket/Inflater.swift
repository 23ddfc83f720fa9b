import CZlib
import CraneHTTP
import Synchronization

/// zlib's decompressor for raw deflate data. In the hands of one message at a time; kept for the next.
@safe
final class Inflater: @unchecked Sendable {
    private static let spare = Mutex<[Inflater]>([])
    private static let spareBound = 8

    // zlib's state points back at it: it stays where it is until deinit.
    private let stream: UnsafeMutablePointer<z_stream>
    private static let windowSize = 1 << 15
    /// What the loop can do beside its other work in one go: some tenths of a millisecond.
    static let piece = 64 << 10
    /// What zlib holds for a stream: its state and a window.
    static let memory = 40 << 10
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

    private init() {
        // Its own memory, freed in deinit.
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        _ = unsafe crane_inflate_init(stream, 15)
    }

    deinit {
        // Nobody else knows the stream.
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    static func take() -> Inflater {
        spare.withLock { $0.popLast() } ?? Inflater()
    }

    func giveBack() {
        message = []
        window = []
        guard output.allocated <= 256 << 10 else { return }
        Inflater.spare.withLock { spare in
            if spare.count < Inflater.spareBound { spare.append(self) }
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
        reset(window)
    }

    /// Inflates a piece of the message, at most `Inflater.piece` bytes of input and of output; true when it was the last.
    ///
    /// Throws 1002 for what cannot be inflated, 1009 past the limit.
    func next() throws(WebSocketClosure) -> Bool {
        let end = output.count + Inflater.piece
        let isMessageDone = try take(message, from: &position, upTo: end)
        guard isMessageDone else { return false }
        var tail = 0
        // Nothing is left inside zlib when the room was not filled.
        return output.count < end ? try take(Inflater.tail, from: &tail, upTo: .max) : false
    }

    private func reset(_ window: [UInt8]) {
        // zlib copies the window before it returns.
        unsafe inflateReset(stream)
        if !window.isEmpty { unsafe inflateSetDictionary(stream, window, uInt(window.count)) }
    }

    /// Inflates from `position` on until the output has `end` bytes or a piece of the input is done; true when all of it is.
    private func take(
        _ input: [UInt8], from position: inout Int, upTo end: Int
    ) throws(WebSocketClosure) -> Bool {
        let count = min(input.count - position, Inflater.piece)
        let (taken, failure) = unsafe input.withUnsafeBytes { bytes in
            let piece = unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
            return unsafe inflate(piece, upTo: end)
        }
        if let failure { throw failure }
        position += taken
        return position == input.count && output.count < end
    }

    /// Inflates a piece of the input; returns how much of it was taken, and what is wrong with it.
    private func inflate(_ input: UnsafeRawBufferPointer, upTo end: Int) -> (Int, WebSocketClosure?) {
        // zlib reads the bytes only, whatever its type says.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        unsafe stream.pointee.avail_in = uInt(input.count)
        repeat {
            // One byte over the limit is enough to know.
            let size = min(max(4096, output.count), limit + 1 - output.count, end - output.count)
            let room = unsafe output.reserve(size)
            unsafe stream.pointee.next_out = room.assumingMemoryBound(to: Bytef.self)
            unsafe stream.pointee.avail_out = uInt(size)
            let result = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
            unsafe output.advance(by: size - Int(stream.pointee.avail_out))
            guard output.count <= limit else { return (0, .tooBig(limit)) }
            switch result {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END where lastBlocks < Inflater.lastBlockBound:
                lastBlocks += 1
                // RFC 7692, section 7.2.3.4: a block may say that it is the last, and others follow all the same.
                let recent = unsafe Array(output.bytes.suffix(Inflater.windowSize))
                reset(Array((window + recent).suffix(Inflater.windowSize)))
            default: return (0, WebSocketClosure(.protocolError, "a message that cannot be inflated"))
            }
        } while unsafe output.count < end && (stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0)
        return unsafe (input.count - Int(stream.pointee.avail_in), nil)
    }
}
