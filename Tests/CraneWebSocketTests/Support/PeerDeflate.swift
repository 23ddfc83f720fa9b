import CZlib

/// The client's end of permessage-deflate, straight on zlib: one context for the whole connection, as browsers have it.
@safe
final class PeerDeflate {
    // zlib's states point back at these: they stay where they are until deinit.
    private let deflater: UnsafeMutablePointer<z_stream>
    private let inflater: UnsafeMutablePointer<z_stream>

    /// - Parameters:
    ///   - clientBits: the client's own window.
    ///   - serverBits: the window that the server promised to keep to.
    init(clientBits: Int32 = 12, serverBits: Int32 = 12) {
        unsafe deflater = .allocate(capacity: 1)
        unsafe deflater.initialize(to: z_stream())
        unsafe inflater = .allocate(capacity: 1)
        unsafe inflater.initialize(to: z_stream())
        _ = unsafe crane_deflate_init(deflater, 9, -clientBits, 8)
        _ = unsafe crane_inflate_init(inflater, -serverBits)
    }

    deinit {
        unsafe deflateEnd(deflater)
        unsafe inflateEnd(inflater)
        unsafe deflater.deallocate()
        unsafe inflater.deallocate()
    }

    /// A message as the client sends it; with `flush` Z_FINISH its last block says that it is the last.
    func compress(_ message: [UInt8], flush: Int32 = Z_SYNC_FLUSH) -> [UInt8] {
        let output = unsafe run(deflater, message, room: message.count + 1024) { unsafe deflate($0, flush) }
        if flush == Z_SYNC_FLUSH { return Array(output.dropLast(4)) }
        unsafe deflateReset(deflater)
        return output
    }

    /// The message that the server sent; `nil` for what zlib does not take.
    func inflate(_ message: [UInt8], room: Int = 1 << 20) -> [UInt8]? {
        var result = Z_OK
        let output = unsafe run(inflater, message + [0, 0, 0xFF, 0xFF], room: room) {
            result = unsafe CZlib.inflate($0, Z_SYNC_FLUSH)
            return result
        }
        return result == Z_OK ? output : nil
    }

    func resetInflater() { unsafe inflateReset(inflater) }

    private func run(
        _ stream: UnsafeMutablePointer<z_stream>, _ input: [UInt8], room: Int,
        _ call: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> [UInt8] {
        var input = input
        var output = [UInt8](repeating: 0, count: room)
        unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.pointee.next_in = input.baseAddress
                unsafe stream.pointee.avail_in = uInt(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = uInt(output.count)
                _ = unsafe call(stream)
            }
        }
        return unsafe Array(output[..<(room - Int(stream.pointee.avail_out))])
    }
}
