import Glibc
import Synchronization

package struct SocketFailure: Error {
    package let code: Int32

    package static var last: SocketFailure { SocketFailure(code: errno) }
}

/// A blocking client's socket; what takes longer than half a minute fails. Waits are made on threads of their own.
package final class RawSocket: Sendable {
    private let descriptor: Int32
    private let isOpen = Atomic(true)

    /// Connects and sends `bytes` at once, so that no more than the two system calls lies between.
    ///
    /// - Parameter size: what the system keeps for it, in bytes; its own choice when `nil`.
    package init(
        port: Int, ipv6: Bool = false, sending bytes: [UInt8] = [], receiveBuffer size: Int32? = nil
    ) async throws {
        descriptor = try await onThread {
            let descriptor = try RawSocket.make(ipv6 ? AF_INET6 : AF_INET)
            if var size {
                unsafe setsockopt(
                    descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
            }
            var v4 = sockaddr_in()
            v4.sin_family = sa_family_t(AF_INET)
            v4.sin_port = in_port_t(UInt16(port).bigEndian)
            v4.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var v6 = sockaddr_in6()
            v6.sin6_family = sa_family_t(AF_INET6)
            v6.sin6_port = in_port_t(UInt16(port).bigEndian)
            v6.sin6_addr = in6addr_loopback
            try unsafe ipv6 ? RawSocket.connect(descriptor, &v6) : RawSocket.connect(descriptor, &v4)
            try RawSocket.sendNow(descriptor, bytes)
            return descriptor
        }
    }

    package init(unixPath path: String) async throws {
        descriptor = try await onThread {
            let descriptor = try RawSocket.make(AF_UNIX)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
            try unsafe RawSocket.connect(descriptor, &address)
            return descriptor
        }
    }

    deinit { disconnect() }

    private static func make(_ family: Int32) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketFailure.last }
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        // What a test sends in pieces arrives in pieces, without waiting for acknowledgements (tcp(7)).
        var noDelay: Int32 = 1
        unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: UnsafePointer<Address>) throws {
        let result = unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            unsafe systemConnect(descriptor, pointer, socklen_t(MemoryLayout<Address>.size))
        }
        guard result == 0 else { throw SocketFailure.last }
    }

    /// Sends all of `bytes`.
    package func send(_ bytes: [UInt8]) async throws {
        let flags = Int32(MSG_DONTWAIT)
        let sent = try RawSocket.sendNow(descriptor, bytes, flags: flags)
        guard sent < bytes.count else { return }
        _ = try await onThread { [descriptor] in try RawSocket.sendNow(descriptor, bytes, from: sent) }
    }

    /// Sends all of `bytes` on the calling thread.
    package func sendNow(_ bytes: [UInt8]) throws {
        try RawSocket.sendNow(descriptor, bytes)
    }

    @discardableResult
    private static func sendNow(
        _ descriptor: Int32, _ bytes: [UInt8], from start: Int = 0, flags: Int32 = 0
    ) throws -> Int {
        var sent = start
        while sent < bytes.count {
            do {
                sent += try unsafe bytes.withUnsafeBytes {
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: $0[sent...])
                    return try unsafe sendSome(descriptor, rest, flags: flags)
                }
            } catch let error as SocketFailure where error.code == EAGAIN && flags != 0 {
                break
            }
        }
        return sent
    }

    private static func sendSome(
        _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, flags: Int32
    ) throws -> Int {
        let flags = flags | Int32(MSG_NOSIGNAL)
        let sent = unsafe systemSend(descriptor, bytes.baseAddress, bytes.count, flags)
        guard sent >= 0 else { throw SocketFailure.last }
        return sent
    }

    /// Sends `bytes` over and over until the system takes no more; returns how many bytes it has taken.
    package func fill(with bytes: [UInt8]) throws -> Int {
        var total = 0
        while true {
            do {
                total += try unsafe bytes.withUnsafeBytes { bytes in
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[(total % bytes.count)...])
                    return try unsafe RawSocket.sendSome(descriptor, rest, flags: Int32(MSG_DONTWAIT))
                }
            } catch let error as SocketFailure where error.code == EAGAIN {
                return total
            }
        }
    }

    /// What has come, at most `count` bytes; empty at the end.
    package func receive(upTo count: Int = 65536) async throws -> [UInt8] {
        do {
            return try receiveNow(count, flags: Int32(MSG_DONTWAIT))
        } catch let error as SocketFailure where error.code == EAGAIN {
            return try await onThread { [self] in try receiveNow(count) }
        }
    }

    private func receiveNow(_ count: Int, flags: Int32 = 0) throws -> [UInt8] {
        var failure: SocketFailure?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            let received = unsafe recv(descriptor, room.baseAddress, count, flags)
            filled = max(0, received)
            if received < 0 { failure = .last }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Exactly `count` bytes, or what came before the end.
    package func receive(count: Int) async throws -> [UInt8] {
        try await onThread { [self] in
            var all: [UInt8] = []
            while all.count < count {
                let part = try receiveNow(min(65536, count - all.count))
                if part.isEmpty { break }
                all += part
            }
            return all
        }
    }

    /// Sends the end of what this side has to say.
    package func shutdownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Breaks the connection off.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        disconnect()
    }

    /// Closes the socket, as the end of this object does.
    package func disconnect() {
        if isOpen.exchange(false, ordering: .relaxed) { close(descriptor) }
    }

    /// Segments with data that have come (`tcpi_data_segs_in` of tcp(7), which glibc's own structure lacks).
    package var receivedSegments: UInt32 {
        let place = 152
        return unsafe withUnsafeTemporaryAllocation(byteCount: place + 4, alignment: 8) { room in
            var length = socklen_t(room.count)
            let result = unsafe getsockopt(
                descriptor, Int32(IPPROTO_TCP), TCP_INFO, room.baseAddress, &length)
            guard result == 0, Int(length) == room.count else { return 0 }
            return unsafe room.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        }
    }

    /// The client's own port.
    package var port: Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// connect(2) and send(2), whose names methods of `RawSocket` hide.
private func systemConnect(_ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32
{
    unsafe connect(socket, address, length)
}

private func systemSend(_ socket: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int {
    unsafe send(socket, bytes, count, flags)
}
