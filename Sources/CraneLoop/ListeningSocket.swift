import CLibUV
import CraneSystem

/// A bound socket, not yet served by any loop; closed when it goes, unless a listener has taken it.
public struct ListeningSocket: ~Copyable {
    let descriptor: FileDescriptor
    /// Whether it is a Unix socket.
    public let isUnix: Bool
    /// Whether somebody else holds it too and may serve it after this process.
    let isInherited: Bool
    /// The file that it has put into its place.
    package let file: SocketFile?

    private init(
        _ descriptor: consuming FileDescriptor, isUnix: Bool, isInherited: Bool = false,
        file: SocketFile? = nil
    ) {
        self.descriptor = descriptor
        self.isUnix = isUnix
        self.isInherited = isInherited
        self.file = file
    }

    /// Binds a TCP socket; with `sharesPort` other loops may bind the same port (SO_REUSEPORT, socket(7)).
    public static func bind(_ address: SocketAddress, sharesPort: Bool) throws(UVError) -> ListeningSocket {
        do {
            let socket = try streamSocket(address.family)
            try socket.set(SO_REUSEADDR, to: 1)
            if sharesPort { try socket.set(SO_REUSEPORT, to: 1) }
            // `::` serves IPv4 too, whatever the system's default (RFC 3493, section 5.3).
            if address.family == AF_INET6 { try? socket.set(IPV6_V6ONLY, of: Int32(IPPROTO_IPV6), to: 0) }
            let number = socket.number
            try SystemError.check(
                unsafe address.withPointer { unsafe Glibc.bind(number, $0, address.length) } ?? -1)
            return ListeningSocket(socket, isUnix: false)
        } catch {
            throw UVError(error)
        }
    }

    /// Binds a Unix socket; a socket file that nobody listens on any more is replaced, and any other file is left alone.
    ///
    /// The file goes when nobody here listens on it any more, unless another has taken its place. Of servers that start on one
    /// dead socket at the same time one has it: each looks, replaces and listens with the directory locked (flock(2)), for which
    /// it waits a second at most.
    /// - Parameters:
    ///   - path: where the socket's file is made.
    ///   - mode: who may connect, by the bits for writing (unix(7)); the process's umask does not count.
    public static func bind(unixPath path: String, mode: UInt32 = 0o660) throws(UVError) -> ListeningSocket {
        do throws(SystemError) {
            let directory = try lockedDirectory(of: path)
            let socket = try boundSocket(path, mode: mode)
            let file = try SocketFile(path, mode: mode)
            // At once: another server that starts must not take this one for dead. The listener that serves it says its backlog.
            try SystemError.check(listen(socket.number, SOMAXCONN))
            withExtendedLifetime(directory) {}
            return ListeningSocket(socket, isUnix: true, file: file)
        } catch {
            throw UVError(error)
        }
    }

    /// The directory of a file, locked as long as its descriptor is open; `nil` for one that may not be read.
    private static func lockedDirectory(of path: String) throws(SystemError) -> FileDescriptor? {
        let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
        guard let directory = try? FileDescriptor.open(parent, O_RDONLY | O_DIRECTORY) else { return nil }
        for _ in 0..<100 {
            if flock(directory.number, LOCK_EX | LOCK_NB) == 0 { return directory }
            guard errno == EWOULDBLOCK else { throw .last }
            usleep(10_000)
        }
        throw SystemError(EWOULDBLOCK)
    }

    private static func boundSocket(_ path: String, mode: UInt32) throws(SystemError) -> FileDescriptor {
        let address = try UnixAddress(path: path)
        let socket = try streamSocket(AF_UNIX)
        // The file is never more open than that: bind takes the mode from the socket, less the umask.
        try SystemError.check(fchmod(socket.number, mode))
        do throws(SystemError) { try socket.bind(to: address) } catch  where error.code == EADDRINUSE {
            try removeDead(path, address, by: socket)
            try socket.bind(to: address)
        }
        return socket
    }

    /// Removes the file of a socket that refuses connections; EADDRINUSE for any other.
    private static func removeDead(
        _ path: String, _ address: UnixAddress, by socket: borrowing FileDescriptor
    ) throws(SystemError) {
        // A file of another kind refuses connections too, and is not ours to remove.
        guard isSocket(path) else { throw SystemError(EADDRINUSE) }
        do {
            try socket.connect(to: address)
        } catch  where error.code == ECONNREFUSED {
            _ = unsafe unlink(path)
            return
        } catch {
            // It may be served, by somebody who is busy.
        }
        throw SystemError(EADDRINUSE)
    }

    /// Takes over a descriptor that somebody else has bound, as systemd's socket activation hands it on.
    public static func inherit(_ descriptor: Int32) throws(UVError) -> ListeningSocket {
        var family = Int32(0)
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0 else { throw .last }
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw .last }
        do {
            return ListeningSocket(
                try FileDescriptor(descriptor), isUnix: family == AF_UNIX, isInherited: true)
        } catch {
            throw UVError(error)
        }
    }

    /// Another descriptor of the same socket, for another loop.
    public func duplicate() throws(UVError) -> ListeningSocket {
        do {
            return ListeningSocket(
                try descriptor.duplicate(), isUnix: isUnix, isInherited: isInherited, file: file)
        } catch {
            throw UVError(error)
        }
    }

    /// The address that the system gave it.
    public var address: SocketAddress? {
        let descriptor = descriptor.number
        return unsafe SocketAddress { unsafe getsockname(descriptor, $0, $1) }
    }

    /// Gives the descriptor away.
    package consuming func release() -> Int32 { descriptor.take() }

    /// A stream socket that does not block.
    private static func streamSocket(_ family: Int32) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.socket(family, SOCK_STREAM, flags: SOCK_NONBLOCK)
    }
}

private func isSocket(_ path: String) -> Bool {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFSOCK
}
