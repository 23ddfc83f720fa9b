import CLibUV

extension StreamConnection {
    /// What waits for the socket of memory that others send too: libuv's request, and who holds that memory.
    @safe
    private struct SharedRequest {
        var request: uv_write_t
        let count: Int
        let holder: Unmanaged<AnyObject>
    }

    /// Sends pieces of memory that other connections may be sending too, in one call of writev(2). Nothing may be queued.
    ///
    /// Returns how many pieces are on their way. What the socket has not taken of the last of these is queued by reference, so
    /// that `didDrain` tells when there is room again; those behind it are not kept. Throws when the connection is broken.
    /// - Parameters:
    ///   - pieces: laid out as iovecs; some bytes at least.
    ///   - holder: who holds the memory of a piece.
    package final func write(
        _ pieces: UnsafeBufferPointer<(base: UnsafeRawPointer, count: Int)>, holder: (Int) -> AnyObject
    ) throws(UVError) -> Int {
        guard let stream = unsafe stream, let first = pieces.baseAddress else {
            throw UVError(code: UV_ECANCELED.rawValue)
        }
        assert(queued == 0)
        // On Unix a `uv_buf_t` is an iovec (uv/unix.h), and libuv reads it only.
        let buffers = unsafe UnsafeMutableRawPointer(mutating: first).assumingMemoryBound(to: uv_buf_t.self)
        let result = unsafe uv_try_write(stream, buffers, UInt32(pieces.count))
        guard result >= 0 || result == UV_EAGAIN.rawValue else { throw UVError(code: result) }
        var sent = Int(max(0, result))
        var index = 0
        while index < pieces.count, unsafe sent >= pieces[index].count {
            unsafe sent -= pieces[index].count
            index += 1
        }
        guard index < pieces.count else { return index }
        let cut = unsafe pieces[index]
        let rest = unsafe UnsafeRawBufferPointer(start: cut.base + sent, count: cut.count - sent)
        try unsafe queue(rest, of: holder(index), on: stream)
        return index + 1
    }

    private func queue(
        _ bytes: UnsafeRawBufferPointer, of holder: AnyObject, on stream: UnsafeMutablePointer<uv_stream_t>
    ) throws(UVError) {
        // Freed in the callback, with the reference.
        let shared = UnsafeMutablePointer<SharedRequest>.allocate(capacity: 1)
        unsafe shared.initialize(
            to: SharedRequest(
                request: uv_write_t(), count: bytes.count, holder: Unmanaged.passRetained(holder)))
        // libuv reads the bytes only, whatever the type says; its request is the first member.
        var buffer = unsafe uv_buf_init(
            UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self)),
            UInt32(bytes.count))
        let request = unsafe UnsafeMutableRawPointer(shared).assumingMemoryBound(to: uv_write_t.self)
        queued += UInt32(bytes.count)
        let result = unsafe uv_write(request, stream, &buffer, 1) { request, status in
            guard let request = unsafe request else { return }
            let data = unsafe request.pointee.handle.pointee.data
            let shared = unsafe UnsafeMutableRawPointer(request).assumingMemoryBound(to: SharedRequest.self)
            let count = unsafe shared.pointee.count
            unsafe shared.pointee.holder.release()
            unsafe shared.deallocate()
            guard let data = unsafe data else { return }
            let connection = unsafe Unmanaged<StreamConnection>.fromOpaque(data).takeUnretainedValue()
            connection.didWrite(count, status: status)
        }
        if result != 0 {
            queued -= UInt32(bytes.count)
            unsafe shared.pointee.holder.release()
            unsafe shared.deallocate()
            throw UVError(code: result)
        }
    }
}
