import CLibUV
import CraneSystem

/// A connected socket on one loop; what it serves subclasses it. Loop's thread only.
///
/// Reads land in the loop's own buffer, so a connection that waits holds no memory for them. Writes go straight to the
/// socket; only what the socket does not take is copied and queued.
@safe
open class StreamConnection: DeadlineEntry {
    // The small ones first, behind those of `DeadlineEntry`: there are ten thousand connections. Nothing here calls back while it
    // changes: there is nothing for exclusivity checks to find.
    private final var reads = false
    /// Reads one after the other that have filled the loop's buffer.
    @safe @exclusivity(unchecked) private final var fullReads: UInt8 = 0
    @safe @exclusivity(unchecked) final var queued: UInt32 = 0
    public let loop: EventLoop
    @exclusivity(unchecked) final var stream: UnsafeMutablePointer<uv_stream_t>?

    public final var isReading: Bool { reads }
    /// Bytes that the socket has not taken yet.
    public final var queuedBytes: Int { Int(queued) }

    public init(loop: EventLoop) {
        self.loop = loop
    }

    // MARK: What a subclass hears

    /// Bytes have come; they are gone when this returns. Inside a turn of the loop.
    open func didRead(_ bytes: UnsafeRawBufferPointer) {}
    /// The peer sends no more, or (with an error) the connection broke.
    open func didEnd(_ error: UVError?) {}
    /// All that was queued has been taken by the socket.
    open func didDrain() {}
    /// The connection is closed: nothing more will be heard.
    open func didClose() {}

    // MARK: Life

    /// Whether `close` has not been called.
    public final var isOpen: Bool { unsafe stream != nil }

    /// Makes the handle and lets `connect` attach the socket to it.
    func open(isUnix: Bool, _ connect: (UnsafeMutablePointer<uv_stream_t>) -> Int32) throws(UVError) {
        let stream = unsafe try StreamHandle.make(isUnix: isUnix, loop: loop)
        unsafe self.stream = stream
        // Given back in the close callback.
        unsafe stream.pointee.data = Unmanaged.passRetained(self).toOpaque()
        try unsafe UVError.check(connect(stream))
        if !isUnix {
            unsafe UnsafeMutableRawPointer(stream).withMemoryRebound(to: uv_tcp_t.self, capacity: 1) {
                _ = unsafe uv_tcp_nodelay($0, 1)
            }
        }
        didOpen()
    }

    /// The socket is attached; the subclass starts reading here.
    open func didOpen() {}

    /// The peer's address; a system call, `nil` for a Unix socket.
    public final var peerAddress: SocketAddress? {
        guard let stream = unsafe stream, unsafe stream.pointee.type == UV_TCP else { return nil }
        let tcp = unsafe UnsafeMutableRawPointer(stream).assumingMemoryBound(to: uv_tcp_t.self)
        return unsafe SocketAddress { address, length in
            var size = unsafe Int32(length.pointee)
            return unsafe uv_tcp_getpeername(tcp, address, &size)
        }
    }

    /// Whether this is a Unix socket.
    public final var isUnix: Bool {
        guard let stream = unsafe stream else { return false }
        return unsafe stream.pointee.type == UV_NAMED_PIPE
    }

    /// The socket's descriptor; -1 once it is closed.
    package final var descriptor: Int32 {
        guard let stream = unsafe stream else { return -1 }
        var descriptor = uv_os_fd_t(-1)
        _ = unsafe stream.withMemoryRebound(to: uv_handle_t.self, capacity: 1) {
            unsafe uv_fileno($0, &descriptor)
        }
        return descriptor
    }

    /// Whether the kernel holds bytes that have not been read yet; a system call.
    public final var hasUnreadBytes: Bool {
        let descriptor = descriptor
        guard descriptor >= 0 else { return false }
        var byte = UInt8(0)
        return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    /// Whether the peer has reset the connection, or closed its end of a Unix socket; a system call.
    ///
    /// It tells what no read does any more once the peer has ended its side.
    public final var isBroken: Bool {
        let descriptor = descriptor
        guard descriptor >= 0 else { return true }
        var request = pollfd(fd: descriptor, events: 0, revents: 0)
        guard unsafe poll(&request, 1, 0) > 0 else { return false }
        return request.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
    }

    /// Closes at once; bytes still queued are lost. May be called more than once.
    public final func close() {
        guard let stream = unsafe stream else { return }
        unsafe self.stream = nil
        reads = false
        loop.wheel.remove(self)
        unsafe StreamHandle.close(stream) { handle in
            guard let handle = unsafe handle else { return }
            if let data = unsafe handle.pointee.data {
                let connection = unsafe Unmanaged<StreamConnection>.fromOpaque(data).takeRetainedValue()
                connection.loop.turn { connection.didClose() }
            }
            unsafe UnsafeMutableRawPointer(handle).deallocate()
        }
    }

    /// Closes at once with a reset, which tells the peer that what it has got is not all (tcp(7), `SO_LINGER`); a Unix socket
    /// just closes.
    public final func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
        close()
    }

    /// Bounds what the system keeps for the peer beyond what it has room for: further bytes wait here (tcp(7), `TCP_NOTSENT_LOWAT`).
    ///
    /// Without it that is some megabytes of a connection whose peer reads nothing. Nothing changes for a Unix socket.
    public final func limitUnsent(to bytes: Int32) {
        var bound = bytes
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &bound, socklen_t(MemoryLayout<Int32>.size))
    }

    // MARK: Reading

    /// Starts reading, or goes on after `stopReading`.
    public final func startReading() {
        guard let stream = unsafe stream, !reads else { return }
        reads = true
        unsafe beginReading(stream)
    }

    private func beginReading(_ stream: UnsafeMutablePointer<uv_stream_t>) {
        // The handle holds its connection, and the connection its loop, so neither is counted here.
        unsafe uv_read_start(
            stream,
            { handle, _, buffer in
                guard let data = unsafe handle?.pointee.loop.pointee.data else { return }
                unsafe Unmanaged<EventLoop>.fromOpaque(data)._withUnsafeGuaranteedRef { loop in
                    unsafe buffer?.pointee = uv_buf_init(
                        loop.readBuffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                        UInt32(loop.readBuffer.count))
                }
            },
            { stream, count, buffer in
                guard count != 0, let data = unsafe stream?.pointee.data else { return }
                let bytes = unsafe UnsafeRawBufferPointer(start: buffer?.pointee.base, count: max(0, count))
                unsafe Unmanaged<StreamConnection>.fromOpaque(data)._withUnsafeGuaranteedRef { connection in
                    unsafe connection.received(bytes, error: count < 0 ? Int32(count) : 0)
                }
            })
    }

    private func received(_ bytes: UnsafeRawBufferPointer, error: Int32) {
        if error == 0 {
            unsafe didRead(bytes)
            if unsafe bytes.count == loop.readBuffer.count { countFullRead() } else { fullReads = 0 }
        } else {
            reads = false
            didEnd(error == UV_EOF.rawValue ? nil : UVError(code: error))
        }
        loop.executor.drain()
    }

    /// libuv reads a socket up to 32 times in a row while each read fills the buffer: after four the others have their turn.
    private func countFullRead() {
        fullReads += 1
        guard fullReads >= 4, reads, let stream = unsafe stream else { return }
        fullReads = 0
        unsafe uv_read_stop(stream)
        loop.rest(self)
    }

    /// Leaves what comes in the kernel, so that the peer must wait.
    public final func stopReading() {
        guard let stream = unsafe stream, reads else { return }
        reads = false
        unsafe uv_read_stop(stream)
    }

    // MARK: Writing

    /// Sends bytes: straight to the socket when nothing is queued, what it does not take as a queued copy.
    ///
    /// Throws when the connection is broken. The caller keeps `queuedBytes` within its bound by waiting for `didDrain`.
    public final func write(_ bytes: UnsafeRawBufferPointer) throws(UVError) {
        guard let stream = unsafe stream else { throw UVError(code: UV_ECANCELED.rawValue) }
        var sent = 0
        if queued == 0 {
            let start = unsafe UnsafeMutablePointer(
                mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
            var buffer = unsafe uv_buf_init(start, UInt32(bytes.count))
            let result = unsafe uv_try_write(stream, &buffer, 1)
            if result >= 0 {
                sent = Int(result)
            } else if result != UV_EAGAIN.rawValue {
                throw UVError(code: result)
            }
        }
        if sent < bytes.count {
            try unsafe queue(UnsafeRawBufferPointer(rebasing: bytes[sent...]), on: stream)
        }
    }

    /// Sends bytes, as the other `write` does.
    public final func write(_ bytes: [UInt8]) throws(UVError) {
        try unsafe bytes.span.withUnsafeBytes { bytes throws(UVError) in try unsafe write(bytes) }
    }

    /// Bytes that the kernel has not taken yet, for watching a slow reader's progress.
    public final var unsentBytes: Int {
        guard let stream = unsafe stream else { return 0 }
        return unsafe uv_stream_get_write_queue_size(stream)
    }

    private func queue(
        _ bytes: UnsafeRawBufferPointer, on stream: UnsafeMutablePointer<uv_stream_t>
    ) throws(UVError) {
        guard let total = UInt32(exactly: queuedBytes + bytes.count) else {
            throw UVError(code: UV_ENOBUFS.rawValue)
        }
        // One piece of memory for libuv's request and the bytes behind it; freed in the callback.
        let head = unsafe MemoryLayout<uv_write_t>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: head + bytes.count, alignment: 16)
        unsafe UnsafeMutableRawBufferPointer(start: memory + head, count: bytes.count).copyMemory(from: bytes)
        let request = unsafe memory.bindMemory(to: uv_write_t.self, capacity: 1)
        unsafe request.pointee.data = UnsafeMutableRawPointer(bitPattern: bytes.count)
        var buffer = unsafe uv_buf_init(
            (memory + head).assumingMemoryBound(to: CChar.self), UInt32(bytes.count))
        queued = total
        let result = unsafe uv_write(request, stream, &buffer, 1) { request, status in
            guard let request = unsafe request else { return }
            let count = unsafe Int(bitPattern: request.pointee.data)
            let data = unsafe request.pointee.handle.pointee.data
            unsafe UnsafeMutableRawPointer(request).deallocate()
            guard let data = unsafe data else { return }
            let connection = unsafe Unmanaged<StreamConnection>.fromOpaque(data).takeUnretainedValue()
            connection.didWrite(count, status: status)
        }
        if result != 0 {
            queued -= UInt32(bytes.count)
            unsafe memory.deallocate()
            throw UVError(code: result)
        }
    }

    final func didWrite(_ count: Int, status: Int32) {
        queued -= UInt32(count)
        guard isOpen else { return }
        if status < 0 {
            loop.turn { didEnd(UVError(code: status)) }
        } else if queued == 0 {
            loop.turn { didDrain() }
        }
    }

    /// Sends FIN once all that is queued has gone; reading goes on (RFC 9112, section 9.6).
    public final func shutdownWriting() {
        guard let stream = unsafe stream else { return }
        // Freed in the callback, which comes even when the handle is closed first.
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        let result = unsafe uv_shutdown(request, stream) { request, _ in unsafe request?.deallocate() }
        if result != 0 { unsafe request.deallocate() }
    }
}

extension StreamConnection: Resting {
    func endRest() {
        guard reads, let stream = unsafe stream else { return }
        unsafe beginReading(stream)
    }
}

extension StreamConnection: ClosableHandle {
    func closeWithLoop() { close() }
}
