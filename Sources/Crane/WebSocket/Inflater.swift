import CZlib
import HTTPWire
import Synchronization

/// zlib's decompressor for raw deflate data. In the hands of one message at a time; kept for the next.
@safe
final class Inflater: @unchecked Sendable {
    private static let spare = Mutex<[Inflater]>([])
    private static let spareBound = 8

    // zlib's state points back at it: it stays where it is until deinit.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Blocks of the present message that said they were the last; each costs a new beginning.
    private var lastBlocks = 0
    private static let lastBlockBound = 16
    /// The inflated message.
    let output = OutputBuffer(capacity: 4096)

    private init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        _ = unsafe crane_inflate_init(stream, 15)
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    static func take() -> Inflater {
        spare.withLock { $0.popLast() } ?? Inflater()
    }

    func giveBack() {
        guard output.allocated <= 256 << 10 else { return }
        Inflater.spare.withLock { spare in
            if spare.count < Inflater.spareBound { spare.append(self) }
        }
    }

    /// Inflates a message that may refer to `window`, into at most `limit` bytes (RFC 7692, section 7.2.2).
    func inflate(_ bytes: [UInt8], after window: [UInt8], limit: Int) throws(WebSocketClosure) {
        output.removeAll()
        lastBlocks = 0
        begin(after: window)
        for part in [bytes, [0x00, 0x00, 0xFF, 0xFF]] {
            let failure = unsafe part.withUnsafeBytes { unsafe inflate($0, after: window, limit: limit) }
            if let failure { throw failure }
        }
    }

    private func begin(after window: [UInt8]) {
        unsafe inflateReset(stream)
        if !window.isEmpty { unsafe inflateSetDictionary(stream, window, uInt(window.count)) }
    }

    /// Inflates a part of the message; returns what is wrong with it.
    private func inflate(
        _ input: UnsafeRawBufferPointer, after window: [UInt8], limit: Int
    ) -> WebSocketClosure? {
        // zlib reads the bytes only, whatever its type says.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        unsafe stream.pointee.avail_in = uInt(input.count)
        repeat {
            // One byte over the limit is enough to know.
            let size = min(max(4096, output.count), limit + 1 - output.count)
            let room = unsafe output.reserve(size)
            unsafe stream.pointee.next_out = room.assumingMemoryBound(to: Bytef.self)
            unsafe stream.pointee.avail_out = uInt(size)
            let result = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
            unsafe output.advance(by: size - Int(stream.pointee.avail_out))
            guard output.count <= limit else { return .tooBig(limit) }
            switch result {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END where lastBlocks < Inflater.lastBlockBound:
                lastBlocks += 1
                // RFC 7692, section 7.2.3.4: a block may say that it is the last, and others follow all the same.
                unsafe begin(after: Array((window + output.bytes).suffix(1 << 15)))
            default: return WebSocketClosure(.protocolError, "a message that cannot be inflated")
            }
        } while unsafe stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        return nil
    }
}
