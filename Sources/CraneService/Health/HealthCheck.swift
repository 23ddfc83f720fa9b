import CraneSystem

/// Asks a running service's `/healthz`, as the health check of a container does.
package struct HealthCheck: Sendable {
    package struct Failure: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private let host: String
    private let port: Int
    private let unixSocket: String?

    /// A check of the service that listens there, from the machine that it runs on.
    ///
    /// - Parameter unixSocket: the path of the socket in the place of host and port.
    package init(host: String, port: Int, unixSocket: String?) {
        // A service that listens on all addresses is asked by loopback.
        switch host {
        case "0.0.0.0": self.host = "127.0.0.1"
        case "::": self.host = "::1"
        default: self.host = host
        }
        self.port = port
        self.unixSocket = unixSocket
    }

    /// Returns when the service answers 200; blocks the thread for some seconds at most.
    package func run() throws(Failure) {
        let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let name = unixSocket.map { "unix:\($0)" } ?? authority
        let line: String
        do {
            let socket = if let unixSocket { try Self.connected(toFile: unixSocket) } else { try connected() }
            let request = "GET /healthz HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\n\r\n"
            try socket.send(Array(request.utf8)[...])
            line = Self.statusLine(from: socket)
        } catch let error as Failure {
            throw Failure(description: "\(name): \(error.description)")
        } catch {
            throw Failure(description: "\(name): \(error)")
        }
        guard line.hasPrefix("HTTP/1.1 200 ") else {
            throw Failure(description: "\(name): \(line.isEmpty ? "no answer" : line)")
        }
    }

    /// How long connecting, and each wait for bytes, may take.
    private static let patience = Duration.seconds(3)

    private static func connected(toFile path: String) throws -> FileDescriptor {
        guard let address = try? UnixAddress(path: path) else {
            throw Failure(description: "the path is too long")
        }
        let socket = try FileDescriptor.socket(AF_UNIX, SOCK_STREAM)
        socket.setPatience(patience)
        try socket.connect(to: address)
        return socket
    }

    private func connected() throws -> FileDescriptor {
        // getaddrinfo(3) reads the hints during the call, and gives a list that is freed below.
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else {
            throw Failure(description: "no such host")
        }
        // The list lives until it is freed at the end.
        defer { unsafe freeaddrinfo(list) }
        var reason: any Error = Failure(description: "no address")
        var next = unsafe list
        while let info = unsafe next {
            do {
                let socket = try FileDescriptor.socket(unsafe info.pointee.ai_family, SOCK_STREAM)
                socket.setPatience(Self.patience)
                try SystemError.check(
                    unsafe connect(socket.number, info.pointee.ai_addr, info.pointee.ai_addrlen))
                return socket
            } catch {
                reason = error
            }
            unsafe next = info.pointee.ai_next
        }
        throw reason
    }

    /// The first line of the response; shorter when it does not come, or is too long.
    private static func statusLine(from socket: borrowing FileDescriptor) -> String {
        var line: [UInt8] = []
        while line.count < 128, let byte = try? socket.read(1).first, byte != UInt8(ascii: "\r") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}
