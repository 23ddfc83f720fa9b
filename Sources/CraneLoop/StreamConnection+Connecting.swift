import CLibUV
import CraneSystem

extension StreamConnection {
    /// Connects to an address: `didOpen` comes when that is done, `didEnd` with the reason when it cannot be; once at most.
    ///
    /// Waits as long as the system does: the caller sets a deadline.
    public final func connect(to address: SocketAddress) throws(UVError) {
        try unsafe begin(isUnix: false) { request, stream, done in
            // uv_tcp_connect copies the address, and the stream is a uv_tcp_t.
            unsafe address.withPointer { address in
                unsafe UnsafeMutableRawPointer(stream).withMemoryRebound(to: uv_tcp_t.self, capacity: 1) {
                    unsafe uv_tcp_connect(request, $0, address, done)
                }
            } ?? UV_EINVAL.rawValue
        }
    }

    /// Connects to a Unix socket by its path, in the same way.
    public final func connect(toUnixPath path: String) throws(UVError) {
        // libuv would take what stands before a NUL for the path, and cut a longer one.
        guard !path.isEmpty, path.utf8.count <= 107, !path.utf8.contains(0) else { throw .invalid }
        try unsafe begin(isUnix: true) { request, stream, done in
            // uv_pipe_connect copies the path, and the stream is a uv_pipe_t.
            unsafe UnsafeMutableRawPointer(stream).withMemoryRebound(to: uv_pipe_t.self, capacity: 1) {
                unsafe uv_pipe_connect(request, $0, path, done)
            }
            return 0
        }
    }

    // Under a name of its own: who looks for `connect` in another module would have to know libuv's types.
    private func begin(
        isUnix: Bool,
        _ start: (
            UnsafeMutablePointer<uv_connect_t>, UnsafeMutablePointer<uv_stream_t>, @escaping uv_connect_cb
        ) -> Int32
    ) throws(UVError) {
        let stream = unsafe try StreamHandle.make(isUnix: isUnix, loop: loop)
        unsafe self.stream = stream
        // Given back in the close callback.
        unsafe stream.pointee.data = Unmanaged.passRetained(self).toOpaque()
        // Freed in the callback, which comes even when the handle is closed first.
        let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
        let result = unsafe start(request, stream) { request, status in
            guard let request = unsafe request else { return }
            let data = unsafe request.pointee.handle.pointee.data
            unsafe request.deallocate()
            guard let data = unsafe data else { return }
            let connection = unsafe Unmanaged<StreamConnection>.fromOpaque(data).takeUnretainedValue()
            connection.loop.turn { connection.didConnect(status) }
        }
        guard result == 0 else {
            unsafe request.deallocate()
            close()
            throw UVError(code: result)
        }
    }

    private func didConnect(_ status: Int32) {
        guard let stream = unsafe stream else { return }
        guard status == 0 else { return didEnd(UVError(code: status)) }
        if !isUnix {
            unsafe UnsafeMutableRawPointer(stream).withMemoryRebound(to: uv_tcp_t.self, capacity: 1) {
                _ = unsafe uv_tcp_nodelay($0, 1)
            }
        }
        didOpen()
    }
}
