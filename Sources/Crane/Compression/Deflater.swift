import CZlib
import CraneHTTP
import Synchronization

/// zlib's compressor. In the hands of one stream at a time; kept for the next.
@safe
final class Deflater: @unchecked Sendable {
    /// What becomes of the bytes that zlib still holds back.
    enum Flush {
        /// They stay, to be compressed with what follows.
        case none
        /// They go out, so that a reader has all that was written (`Z_SYNC_FLUSH`).
        case sync
        /// They go out with the stream's end.
        case end
    }

    private struct Kind: Hashable {
        let format: DeflateFormat
        let level: Int32
    }

    private static let spare = Mutex<[Kind: [Deflater]]>([:])
    private static let spareBound = 8

    private let kind: Kind
    // zlib's state points back at it: it stays where it is until deinit.
    private let stream: UnsafeMutablePointer<z_stream>
    /// What has been compressed.
    let output = OutputBuffer(capacity: 4096)

    private init(_ kind: Kind) {
        self.kind = kind
        // Its own memory, freed in deinit.
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        _ = unsafe crane_deflate_init(
            stream, kind.level, kind.format.windowBits, kind.format.memoryLevel)
    }

    deinit {
        // Nobody else knows the stream.
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// One that is at the beginning of a stream.
    ///
    /// - Parameter level: from 1, the fastest, to 9, the smallest.
    static func take(_ format: DeflateFormat, level: Int32) -> Deflater {
        let kind = Kind(format: format, level: level)
        let deflater = spare.withLock { $0[kind]?.popLast() } ?? Deflater(kind)
        deflater.output.removeAll()
        // Where memory was short, this fails, and so does each write.
        unsafe deflateReset(deflater.stream)
        return deflater
    }

    func giveBack() {
        guard output.allocated <= 256 << 10 else { return }
        Deflater.spare.withLock { spare in
            if spare[kind, default: []].count < Deflater.spareBound { spare[kind, default: []].append(self) }
        }
    }

    /// What the bytes to come may refer to, of raw data.
    func setWindow(_ window: [UInt8]) {
        // zlib copies the window before it returns.
        if !window.isEmpty { unsafe deflateSetDictionary(stream, window, uInt(window.count)) }
    }

    /// Compresses bytes and appends what comes out; false when memory is short.
    func write(_ input: UnsafeRawBufferPointer, _ flush: Flush) -> Bool {
        let mode =
            switch flush {
            case .none: Z_NO_FLUSH
            case .sync: Z_SYNC_FLUSH
            case .end: Z_FINISH
            }
        // zlib reads the bytes only, whatever its type says.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        unsafe stream.pointee.avail_in = uInt(input.count)
        let piece = max(4096, min(input.count / 2, 64 << 10))
        repeat {
            let room = unsafe output.reserve(piece)
            unsafe stream.pointee.next_out = room.assumingMemoryBound(to: Bytef.self)
            unsafe stream.pointee.avail_out = uInt(piece)
            let result = unsafe deflate(stream, mode)
            guard result == Z_OK || result == Z_BUF_ERROR || result == Z_STREAM_END else { return false }
            unsafe output.advance(by: piece - Int(stream.pointee.avail_out))
        } while unsafe stream.pointee.avail_out == 0
        return true
    }

    /// Compresses bytes and gives what has come out so far; `nil` when memory is short.
    func compressed(_ bytes: [UInt8], _ flush: Flush) -> [UInt8]? {
        output.removeAll()
        // The array outlives the call, and the output is copied before the next one.
        guard unsafe bytes.withUnsafeBytes({ unsafe write($0, flush) }) else { return nil }
        return unsafe Array(output.bytes)
    }
}
