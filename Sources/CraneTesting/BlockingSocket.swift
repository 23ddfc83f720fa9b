import CraneSystem

/// A connection to this machine; each call blocks, for ten seconds at most unless told otherwise.
struct BlockingSocket: ~Copyable {
    private let descriptor: Int32

    init(port: UInt16) throws {
        let kind = Int32(SOCK_STREAM.rawValue)
        descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw TestFailure("there is no socket") }
        var bound = timeval(tv_sec: 10, tv_usec: 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        // The structures live for the calls, which read as many bytes as they have.
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(
                descriptor, SOL_SOCKET, option, &bound, socklen_t(MemoryLayout<timeval>.size))
        }
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw TestFailure("no connection to port \(port)") }
    }

    deinit { close(descriptor) }

    /// Sends all bytes and reads to the end of the connection.
    func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
        // A server may answer and close before it has read all.
        try? send(bytes)
        return try rest()
    }

    /// Reads to the end of the connection.
    func rest() throws -> [UInt8] {
        var answer: [UInt8] = []
        while true {
            let part = try receive()
            if part.isEmpty { return answer }
            answer += part
        }
    }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The slice outlives the call.
            let count = unsafe rest.withUnsafeBytes {
                unsafe systemSend(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw TestFailure("the server takes nothing more") }
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
        var failed: Int32 = 0
        // The call writes at most the room's length.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { room, filled in
            let count = unsafe recv(descriptor, room.baseAddress, room.count, 0)
            if count < 0 { failed = errno }
            filled = max(0, count)
        }
        return failed == EAGAIN ? nil : bytes
    }

    /// How long `receive` waits from now on; not at all for less than a microsecond.
    func setPatience(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        // 0 would be without end (socket(7)).
        let microseconds = max(1, attoseconds / 1_000_000_000_000)
        var bound = timeval(tv_sec: Int(seconds), tv_usec: .init(microseconds))
        // The structure lives for the call.
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &bound, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Tells the server that nothing more is sent.
    func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends the connection for both sides; whoever is in `receive` comes back.
    func breakOff() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// send(2), whose name a method of `BlockingSocket` hides.
private func systemSend(_ socket: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe send(socket, bytes, count, 0)
}
