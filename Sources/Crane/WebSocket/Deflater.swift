import CZlib
import CraneHTTP
import Synchronization

/// zlib's compressor for raw deflate data. In the hands of one message at a time; kept for the next.
@safe
final class Deflater: @unchecked Sendable {
    private static let spare = Mutex<[Deflater]>([])
    private static let spareBound = 8
    /// Speed against size: messages are small, and the loop waits.
    private static let level: Int32 = 3
    /// As the reference has it: 32 KiB in all for a window of 4 KiB.
    private static let memoryLevel: Int32 = 5

    private let bits: Int
    // zlib's state points back at it: it stays where it is until deinit.
    private let stream: UnsafeMutablePointer<z_stream>
    /// The compressed message.
    let output = OutputBuffer(capacity: 4096)

    private init(bits: Int) {
        self.bits = bits
        // Its own memory, freed in deinit.
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // With 9 bits zlib reaches 250 bytes back, which is within the window of 8 that it does not know itself.
        _ = unsafe crane_deflate_init(stream, Deflater.level, Int32(max(9, bits)), Deflater.memoryLevel)
    }

    deinit {
        // Nobody else knows the stream.
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    static func take(bits: Int) -> Deflater {
        let known = spare.withLock { spare in
            spare.lastIndex { $0.bits == bits }.map { spare.remove(at: $0) }
        }
        return known ?? Deflater(bits: bits)
    }

    func giveBack() {
        guard output.allocated <= 256 << 10 else { return }
        Deflater.spare.withLock { spare in
            if spare.count < Deflater.spareBound { spare.append(self) }
        }
    }

    /// Compresses a message that may refer to `window`; false when memory is short. RFC 7692, section 7.2.1.
    func compress(_ input: UnsafeRawBufferPointer, after window: [UInt8]) -> Bool {
        output.removeAll()
        guard unsafe deflateReset(stream) == Z_OK else { return false }
        if !window.isEmpty { unsafe deflateSetDictionary(stream, window, uInt(window.count)) }
        // zlib reads the bytes only, whatever its type says.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        unsafe stream.pointee.avail_in = uInt(input.count)
        repeat {
            let room = unsafe output.reserve(4096)
            unsafe stream.pointee.next_out = room.assumingMemoryBound(to: Bytef.self)
            unsafe stream.pointee.avail_out = 4096
            let result = unsafe deflate(stream, Z_SYNC_FLUSH)
            guard result == Z_OK || result == Z_BUF_ERROR else { return false }
            unsafe output.advance(by: 4096 - Int(stream.pointee.avail_out))
        } while unsafe stream.pointee.avail_out == 0
        // The empty block at the end, 00 00 FF FF, is understood.
        output.truncate(to: output.count - 4)
        return true
    }
}
