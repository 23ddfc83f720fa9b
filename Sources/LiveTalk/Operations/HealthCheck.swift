import CraneSystem

/// Asks a running service's `/healthz`, as the health check of a container does.
public struct HealthCheck: Sendable {
    public struct Failure: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    private let host: String
    private let port: Int
    private let unixSocket: String?
    /// How long connecting, and each wait for bytes, may take.
    private let patience = 3

    /// A check of the service that has these settings, from the machine that it runs on.
    public init(_ settings: Settings) {
        // A service that listens on all addresses is asked by loopback.
        switch settings.host {
        case "0.0.0.0": host = "127.0.0.1"
        case "::": host = "::1"
        default: host = settings.host
        }
        port = settings.port
        unixSocket = settings.unixSocket
    }

    /// Returns when the service answers 200; blocks the thread for some seconds at most.
    public func run() throws(Failure) {
        let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let name = unixSocket.map { "unix:\($0)" } ?? authority
        let socket: Int32
        if let unixSocket {
            socket = try connected(toFile: unixSocket)
        } else {
            socket = try connected(authority)
        }
        defer { close(socket) }
        var request = "GET /healthz HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\n\r\n"
        let sent = request.withUTF8 { unsafe send(socket, $0.baseAddress, $0.count, Self.sendFlags) }
        guard sent == request.utf8.count else { throw Failure(description: "\(name): \(SystemError.last)") }
        let line = statusLine(from: socket)
        guard line.hasPrefix("HTTP/1.1 200 ") else {
            throw Failure(description: "\(name): \(line.isEmpty ? "no answer" : line)")
        }
    }

    private static let sendFlags = Int32(MSG_NOSIGNAL)

    private func connected(toFile path: String) throws(Failure) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.utf8.count < room.count else { return false }
            unsafe room.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { throw Failure(description: "unix:\(path): the path is too long") }
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure(description: "unix:\(path): \(SystemError.last)") }
        setPatience(of: socket)
        // The structure lives for the call.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let reason = SystemError.last
            close(socket)
            throw Failure(description: "unix:\(path): \(reason)")
        }
        return socket
    }

    private func connected(_ name: String) throws(Failure) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else {
            throw Failure(description: "\(name): no such host")
        }
        // The list lives until it is freed at the end.
        defer { unsafe freeaddrinfo(list) }
        var reason = "no address"
        var next = unsafe list
        while let info = unsafe next {
            let socket = unsafe socket(info.pointee.ai_family, info.pointee.ai_socktype, 0)
            if socket >= 0 {
                setPatience(of: socket)
                if unsafe connect(socket, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0 {
                    return socket
                }
                reason = SystemError.last
                close(socket)
            }
            unsafe next = info.pointee.ai_next
        }
        throw Failure(description: "\(name): \(reason)")
    }

    /// SO_SNDTIMEO bounds connect(2) too (socket(7)).
    private func setPatience(of socket: Int32) {
        var time = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(socket, SOL_SOCKET, option, &time, size)
        }
    }

    /// The first line of the answer; shorter when it does not come, or is too long.
    private func statusLine(from socket: Int32) -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < 128, unsafe recv(socket, &byte, 1, 0) == 1, byte != UInt8(ascii: "\r") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
