/// The address of a Unix socket (unix(7)).
package struct UnixAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// The bytes before the path.
    package static let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2

    /// That of a socket's file.
    ///
    /// - Throws: ENAMETOOLONG for an empty path and one of more than 107 bytes, EINVAL for one with a NUL, of which the system
    ///   would take the beginning.
    package init(path: String) throws(SystemError) {
        guard !path.utf8.contains(0) else { throw SystemError(EINVAL) }
        try self.init(Array(path.utf8) + [0])
    }

    /// That of a name without a file.
    package init(abstract name: String) throws(SystemError) {
        try self.init([0] + Array(name.utf8))
    }

    private init(_ bytes: [UInt8]) throws(SystemError) {
        address.sun_family = sa_family_t(AF_UNIX)
        length = socklen_t(Self.start + bytes.count)
        // In range by the test.
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count > 1, bytes.count <= room.count else { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        guard fits else { throw SystemError(ENAMETOOLONG) }
    }

    /// The address as system calls take it; the pointer is good for the call only.
    package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
