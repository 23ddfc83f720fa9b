import CLibUV
import CraneSystem

/// A socket address in the system's own form.
public struct SocketAddress: Sendable {
    var storage: sockaddr_storage
    let length: socklen_t

    /// The numeric addresses of `host`; `localhost` gives those of both families. Blocks while names are looked up.
    public static func resolve(host: String, port: Int) throws(UVError) -> [SocketAddress] {
        // The resolver would take what stands before a NUL for the name.
        guard (0...65535).contains(port), !host.utf8.contains(0) else { throw .invalid }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let result = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard result == 0 else { throw UVError(code: UV_EAI_NONAME.rawValue) }
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = unsafe list
        while let info = unsafe next {
            if let address = unsafe info.pointee.ai_addr {
                unsafe found.append(SocketAddress(address, length: info.pointee.ai_addrlen))
            }
            unsafe next = info.pointee.ai_next
        }
        return found
    }

    init(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
        storage = sockaddr_storage()
        self.length = length
        unsafe withUnsafeMutableBytes(of: &storage) { room in
            unsafe room.copyMemory(
                from: UnsafeRawBufferPointer(start: address, count: min(Int(length), room.count)))
        }
    }

    /// The address that `read` (getsockname, getpeername) fills in; `nil` when it fails.
    init?(_ read: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutableBytes(of: &storage) { room in
            guard let start = unsafe room.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
                return Int32(-1)
            }
            return unsafe read(start, &length)
        }
        guard result == 0 else { return nil }
        self.storage = storage
        self.length = length
    }

    var family: Int32 { Int32(storage.ss_family) }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result? {
        unsafe withUnsafeBytes(of: storage) { bytes in
            guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
                return nil
            }
            return unsafe body(start)
        }
    }

    /// The IPv4 address in host order and the port; `nil` for other families.
    public var ipv4: (address: UInt32, port: UInt16)? {
        guard family == AF_INET else { return nil }
        return unsafe withUnsafeBytes(of: storage) { bytes in
            let address = unsafe bytes.loadUnaligned(as: sockaddr_in.self)
            return (UInt32(bigEndian: address.sin_addr.s_addr), UInt16(bigEndian: address.sin_port))
        }
    }

    /// The two halves of the IPv6 address in host order and the port; `nil` for other families.
    public var ipv6: (high: UInt64, low: UInt64, port: UInt16)? {
        guard family == AF_INET6 else { return nil }
        return unsafe withUnsafeBytes(of: storage) { bytes in
            // RFC 3493, section 3.3: port at offset 2, address at offset 8.
            let high = unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            let low = unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            let port = unsafe bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
            return (UInt64(bigEndian: high), UInt64(bigEndian: low), UInt16(bigEndian: port))
        }
    }

    /// The port; `nil` for a Unix socket.
    public var port: Int? {
        (ipv4?.port ?? ipv6?.port).map(Int.init)
    }

    /// The path of a Unix socket that has one; abstract ones begin with `@` here (unix(7)).
    public var unixPath: String? {
        guard family == AF_UNIX else { return nil }
        let start = UnixAddress.start
        return unsafe withUnsafeBytes(of: storage) { bytes in
            let path = unsafe bytes[min(start, Int(length))..<min(Int(length), bytes.count)]
            guard let first = unsafe path.first else { return nil }
            if first == 0 { return unsafe "@" + String(decoding: path.dropFirst(), as: UTF8.self) }
            return unsafe String(decoding: path.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The same address with another port.
    public func withPort(_ port: Int) -> SocketAddress {
        var copy = self
        guard family == AF_INET || family == AF_INET6 else { return self }
        unsafe withUnsafeMutableBytes(of: &copy.storage) { bytes in
            unsafe bytes.storeBytes(
                of: UInt16(truncatingIfNeeded: port).bigEndian, toByteOffset: 2, as: UInt16.self)
        }
        return copy
    }
}
