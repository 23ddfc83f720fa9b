import CraneSystem

/// A connection to this machine; each call blocks, for ten seconds at most unless told otherwise.
struct BlockingSocket: ~Copyable {
    private let descriptor: FileDescriptor

    init(port: UInt16) throws {
        descriptor = try Self.connected(port)
    }

    private static func connected(_ port: UInt16) throws -> FileDescriptor {
        let socket = try FileDescriptor.socket(AF_INET, SOCK_STREAM)
        socket.setPatience(.seconds(10))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        // The structure lives for the call, which reads as many bytes as it has.
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(socket.number, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw TestFailure("no connection to port \(port)") }
        return socket
    }

    /// Sends all bytes and reads to the end of the connection.
    func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
        // A server may answer and close before it has read all.
        try? send(bytes)
        return try rest()
    }

    /// Reads to the end of the connection.
    func rest() throws -> [UInt8] {
        var received: [UInt8] = []
        while true {
            let part = try receive()
            if part.isEmpty { return received }
            received += part
        }
    }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let count = try? descriptor.send(rest), count > 0 else {
                throw TestFailure("the server takes nothing more")
            }
            rest = rest.dropFirst(count)
        }
    }

    /// What has come; nothing at the end of the connection, or when it broke. Throws when nothing comes in time.
    func receive() throws -> [UInt8] {
        guard let bytes = receiveInTime() else {
            throw TestFailure("nothing came over the connection in time")
        }
        return bytes
    }

    /// The same; `nil` when nothing comes in time.
    func receiveInTime() -> [UInt8]? {
        do {
            return try descriptor.read(64 << 10)
        } catch {
            return error.code == EAGAIN ? nil : []
        }
    }

    /// How long `receive` waits from now on; not at all for less than a microsecond.
    func setPatience(_ duration: Duration) {
        descriptor.setPatience(duration, for: [SO_RCVTIMEO])
    }

    /// Tells the server that nothing more is sent.
    func endWriting() { shutdown(descriptor.number, Int32(SHUT_WR)) }

    /// Ends the connection for both sides; whoever is in `receive` comes back.
    func breakOff() { shutdown(descriptor.number, Int32(SHUT_RDWR)) }
}
