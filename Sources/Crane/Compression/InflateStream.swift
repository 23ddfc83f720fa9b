import CZlib
import CraneHTTP

/// zlib's decompressor. In the hands of one stream at a time.
@safe
final class InflateStream: @unchecked Sendable {
    enum Outcome {
        /// More input or more room is needed.
        case more
        /// The compressed stream has come to its end.
        case end
        case broken
    }

    /// What zlib holds for a stream: its state and a window.
    static let memory = 40 << 10

    // zlib's state points back at it: it stays where it is until deinit.
    private let stream: UnsafeMutablePointer<z_stream>

    init(_ format: DeflateFormat) {
        // Its own memory, freed in deinit.
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        _ = unsafe crane_inflate_init(stream, format.windowBits)
    }

    deinit {
        // Nobody else knows the stream.
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Begins anew; raw data may refer to the window.
    func reset(_ window: [UInt8] = []) {
        // zlib copies the window before it returns.
        unsafe inflateReset(stream)
        if !window.isEmpty { unsafe inflateSetDictionary(stream, window, uInt(window.count)) }
    }

    /// Inflates from `position` on, and appends at most `room` bytes to the output; `position` moves behind what was taken.
    func inflate(
        _ input: UnsafeRawBufferPointer, from position: inout Int, room size: Int, to output: OutputBuffer
    ) -> Outcome {
        // zlib reads the bytes only, whatever its type says.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.advanced(by: position).assumingMemoryBound(to: Bytef.self))
        unsafe stream.pointee.avail_in = uInt(input.count - position)
        let room = unsafe output.reserve(size)
        unsafe stream.pointee.next_out = room.assumingMemoryBound(to: Bytef.self)
        unsafe stream.pointee.avail_out = uInt(size)
        let result = unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
        unsafe output.advance(by: size - Int(stream.pointee.avail_out))
        position = unsafe input.count - Int(stream.pointee.avail_in)
        return switch result {
        case Z_OK, Z_BUF_ERROR: .more
        case Z_STREAM_END: .end
        default: .broken
        }
    }
}
