import CLibUV
import CraneSystem

/// A bound socket, not yet served by any loop; closed when it goes, unless a listener has taken it.
public struct ListeningSocket: ~Copyable {
    private(set) var descriptor: Int32
    /// Whether it is a Unix socket.
    public let isUnix: Bool
    /// Whether somebody else holds it too and may serve it after this process.
    let isInherited: Bool
    /// The file that it has put into its place.
    package let file: SocketFile?

    private init(descriptor: Int32, isUnix: Bool, isInherited: Bool = false, file: SocketFile? = nil) {
        self.descriptor = descriptor
        self.isUnix = isUnix
        self.isInherited = isInherited
        self.file = file
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Binds a TCP socket; with `sharesPort` other loops may bind the same port (SO_REUSEPORT, socket(7)).
    public static func bind(_ address: SocketAddress, sharesPort: Bool) throws(UVError) -> ListeningSocket {
        let descriptor = systemSocket(address.family)
        guard descriptor >= 0 else { throw .last }
        let socket = ListeningSocket(descriptor: descriptor, isUnix: false)
        try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if sharesPort { try set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
        // `::` serves IPv4 too, whatever the system's default (RFC 3493, section 5.3).
        if address.family == AF_INET6 { try? set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        let result = unsafe address.withPointer { unsafe systemBind(descriptor, $0, address.length) }
        guard result == 0 else { throw .last }
        return socket
    }

    /// Binds a Unix socket; a socket file that nobody listens on any more is replaced, and any other file is left alone.
    ///
    /// The file goes when nobody here listens on it any more, unless another has taken its place.
    /// - Parameter mode: who may connect, by the bits for writing (unix(7)); the process's umask does not count.
    public static func bind(unixPath path: String, mode: UInt32 = 0o660) throws(UVError) -> ListeningSocket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count < room.count else { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        guard fits, !bytes.isEmpty else { throw UVError(code: UV_ENAMETOOLONG.rawValue) }
        // The system would take what stands before a NUL for the path.
        guard !bytes.contains(0) else { throw .invalid }
        let descriptor = systemSocket(AF_UNIX)
        guard descriptor >= 0 else { throw .last }
        let socket = ListeningSocket(descriptor: descriptor, isUnix: true)
        // The file is never more open than that: bind takes the mode from the socket, less the umask.
        guard fchmod(descriptor, mode) == 0 else { throw .last }
        func call(connecting: Bool) -> Int32 {
            unsafe withUnsafePointer(to: address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
                    return connecting
                        ? unsafe connect(descriptor, pointer, length)
                        : unsafe systemBind(descriptor, pointer, length)
                }
            }
        }
        if call(connecting: false) != 0 {
            guard errno == EADDRINUSE else { throw .last }
            // A file of another kind refuses connections too, and is not ours to remove.
            guard isSocket(path), call(connecting: true) != 0, errno == ECONNREFUSED else {
                throw .addressInUse
            }
            _ = unsafe unlink(path)
            guard call(connecting: false) == 0 else { throw .last }
        }
        let file = try SocketFile(path, mode: mode)
        // At once: another server that starts must not take this one for dead.
        guard systemListen(descriptor) == 0 else { throw .last }
        return ListeningSocket(descriptor: socket.release(), isUnix: true, file: file)
    }

    /// Takes over a descriptor that somebody else has bound, as systemd's socket activation hands it on.
    public static func inherit(_ descriptor: Int32) throws(UVError) -> ListeningSocket {
        var family = Int32(0)
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0 else { throw .last }
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw .last }
        return ListeningSocket(descriptor: descriptor, isUnix: family == AF_UNIX, isInherited: true)
    }

    /// Another descriptor of the same socket, for another loop.
    public func duplicate() throws(UVError) -> ListeningSocket {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .last }
        return ListeningSocket(descriptor: copy, isUnix: isUnix, isInherited: isInherited, file: file)
    }

    /// The address that the system gave it.
    public var address: SocketAddress? {
        let descriptor = descriptor
        return unsafe SocketAddress { unsafe getsockname(descriptor, $0, $1) }
    }

    /// Gives the descriptor away.
    package consuming func release() -> Int32 {
        let released = descriptor
        descriptor = -1
        return released
    }

    private static func set(_ socket: Int32, _ level: Int32, _ option: Int32, _ value: Int32) throws(UVError)
    {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(socket, level, option, &value, size) == 0 else { throw .last }
    }
}

/// A stream socket that does not block and is not inherited, socket(2).
private func systemSocket(_ family: Int32) -> Int32 {
    let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    return socket(family, Int32(flags), 0)
}

/// bind(2), whose name a method of `ListeningSocket` hides.
private func systemBind(_ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    unsafe bind(socket, address, length)
}

/// listen(2); the listener that serves the socket says its backlog.
private func systemListen(_ socket: Int32) -> Int32 { listen(socket, SOMAXCONN) }

private func isSocket(_ path: String) -> Bool {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFSOCK
}
