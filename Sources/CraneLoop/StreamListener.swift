import CLibUV
import CraneSystem

/// Accepts connections on one loop; loop's thread only.
@safe
public final class StreamListener {
    private let loop: EventLoop
    private let isUnix: Bool
    private let isInherited: Bool
    private var file: SocketFile?
    private let makeConnection: () -> StreamConnection
    private let failed: (UVError) -> Void
    private var stream: UnsafeMutablePointer<uv_stream_t>?
    /// The turn in which the last connection was accepted, and how many were in it.
    private var turn: UInt64 = 0
    private var acceptedInTurn = 0

    /// What is accepted in a turn of the loop at most.
    private static let turnBound = 64

    /// Listens on `socket`; `makeConnection` gives the object that each accepted connection becomes, `failed` hears of those
    /// that the system could not give (accept(2)).
    public init(
        on socket: consuming ListeningSocket, loop: EventLoop, backlog: Int32 = 4096,
        makeConnection: @escaping () -> StreamConnection, failed: @escaping (UVError) -> Void = { _ in }
    ) throws(UVError) {
        self.loop = loop
        isUnix = socket.isUnix
        isInherited = socket.isInherited
        file = socket.file
        self.makeConnection = makeConnection
        self.failed = failed
        let stream = unsafe try StreamHandle.make(isUnix: isUnix, loop: loop)
        unsafe self.stream = stream
        let result = unsafe StreamHandle.open(stream, isUnix: isUnix, descriptor: socket.descriptor.number)
        guard result == 0 else {
            unsafe StreamHandle.close(stream, StreamHandle.free)
            throw UVError(code: result)
        }
        _ = socket.release()
        // The listener lives until `close`, whose callback gives this reference back.
        unsafe stream.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let listening = unsafe uv_listen(stream, backlog) { stream, status in
            guard let data = unsafe stream?.pointee.data else { return }
            let listener = unsafe Unmanaged<StreamListener>.fromOpaque(data).takeUnretainedValue()
            listener.loop.turn {
                if status == 0 { listener.connectionWaits() } else { listener.failed(UVError(code: status)) }
            }
        }
        if listening != 0 {
            close()
            throw UVError(code: listening)
        }
    }

    /// Accepts a connection, or leaves it to the next turn, and those behind it with it: libuv asks for no further one
    /// before this one is accepted (uv_accept).
    private func connectionWaits() {
        if turn != loop.turns { beginTurn() }
        if acceptedInTurn >= StreamListener.turnBound || loop.isTurnOver && acceptedInTurn > 0 {
            loop.rest(self)
        } else {
            accept()
        }
    }

    private func beginTurn() {
        turn = loop.turns
        acceptedInTurn = 0
    }

    private func accept() {
        acceptedInTurn += 1
        guard let stream = unsafe stream else { return }
        let connection = makeConnection()
        do {
            try unsafe connection.open(isUnix: isUnix) { unsafe uv_accept(stream, $0) }
        } catch {
            // The peer went before it was accepted, or memory is short: nothing to answer.
            connection.close()
            failed(error)
        }
    }

    private var descriptor: Int32 {
        guard let stream = unsafe stream else { return -1 }
        var descriptor = uv_os_fd_t(-1)
        _ = unsafe stream.withMemoryRebound(to: uv_handle_t.self, capacity: 1) {
            unsafe uv_fileno($0, &descriptor)
        }
        return descriptor
    }

    /// Has the kernel complete no further connection: closing the listener then resets nobody who has one.
    ///
    /// A client that comes now tries again a second later, and is refused or finds the next server. TCP on Linux only, and
    /// not for an inherited socket: whoever gave it goes on listening.
    public func admitNoMore() {
        if !isUnix, !isInherited { _ = shim_drop_packets(descriptor) }
    }

    /// Whether the kernel holds connections that have not been accepted yet; a system call.
    public var hasWaitingConnections: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, 0) > 0
    }

    /// Stops accepting; connections that stay are not touched.
    public func close() {
        guard let stream = unsafe stream else { return }
        unsafe self.stream = nil
        // While it is still listened on: a server that comes next would have replaced it otherwise.
        file = nil
        unsafe StreamHandle.close(stream) { handle in
            guard let handle = unsafe handle else { return }
            if let data = unsafe handle.pointee.data {
                unsafe Unmanaged<StreamListener>.fromOpaque(data).release()
            }
            unsafe UnsafeMutableRawPointer(handle).deallocate()
        }
    }
}

extension StreamListener: Resting {
    func endRest() {
        beginTurn()
        accept()
    }
}

extension StreamListener: ClosableHandle {
    func closeWithLoop() { close() }
}

/// Memory and life of a `uv_tcp_t` or `uv_pipe_t` seen as a `uv_stream_t`.
enum StreamHandle {
    static func make(isUnix: Bool, loop: EventLoop) throws(UVError) -> UnsafeMutablePointer<uv_stream_t> {
        let size = unsafe isUnix ? MemoryLayout<uv_pipe_t>.size : MemoryLayout<uv_tcp_t>.size
        // Freed in the close callback.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        let result =
            isUnix
            ? unsafe uv_pipe_init(loop.handle, memory.assumingMemoryBound(to: uv_pipe_t.self), 0)
            : unsafe uv_tcp_init(loop.handle, memory.assumingMemoryBound(to: uv_tcp_t.self))
        guard result == 0 else {
            unsafe memory.deallocate()
            throw UVError(code: result)
        }
        let stream = unsafe memory.assumingMemoryBound(to: uv_stream_t.self)
        unsafe stream.pointee.data = nil
        return unsafe stream
    }

    static func open(_ stream: UnsafeMutablePointer<uv_stream_t>, isUnix: Bool, descriptor: Int32) -> Int32 {
        let memory = UnsafeMutableRawPointer(stream)
        return isUnix
            ? unsafe uv_pipe_open(memory.assumingMemoryBound(to: uv_pipe_t.self), descriptor)
            : unsafe uv_tcp_open(memory.assumingMemoryBound(to: uv_tcp_t.self), descriptor)
    }

    /// Closes the handle; `closed` gives back what the handle holds and frees it, in a later step of the loop.
    static func close(_ stream: UnsafeMutablePointer<uv_stream_t>, _ closed: uv_close_cb) {
        unsafe stream.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { unsafe uv_close($0, closed) }
    }

    /// A close callback for a handle that nobody owns.
    static let free: uv_close_cb = { unsafe UnsafeMutableRawPointer($0)?.deallocate() }
}
