import CraneHTTP
import Glibc
import Synchronization
import TestSupport

/// A WebSocket client on a blocking socket, which it waits for on threads of its own; what takes half a minute fails.
final class LiveClient: Sendable {
    struct Failure: Error {}

    private let descriptor: Int32
    private let reader = Mutex(MessageReader(limit: .max, expectsMask: false))
    private let events = Mutex<[MessageReader.Event]>([])

    /// Shakes hands, and sends `frames` in the same breath.
    init(port: Int, path: String, frames: [ClientFrame] = []) async throws {
        descriptor = try await onThread { try LiveClient.connect(port) }
        let head =
            "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        try await send(Array(head.utf8) + frames.bytes)
        try await onThread { [self] in
            var head = ""
            while !head.hasSuffix("\r\n\r\n") {
                let byte = try receive(1)
                guard !byte.isEmpty else { throw Failure() }
                head += String(decoding: byte, as: UTF8.self)
            }
            guard head.hasPrefix("HTTP/1.1 101 ") else { throw Failure() }
        }
    }

    deinit { close(descriptor) }

    private static func connect(_ port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe systemConnect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure() }
        return descriptor
    }

    func send(_ bytes: [UInt8]) async throws {
        try await onThread { [descriptor] in
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes.withUnsafeBytes {
                    unsafe systemSend(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent)
                }
                guard count > 0 else { throw Failure() }
                sent += count
            }
        }
    }

    func send(_ frames: ClientFrame...) async throws { try await send(frames.bytes) }

    /// The next message or control frame; `nil` at the connection's end.
    func next() async throws -> MessageReader.Event? {
        try await onThread { [self] in
            while true {
                if let event = events.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return event }
                let bytes = try receive(65536)
                guard !bytes.isEmpty else { return nil }
                try take(bytes)
            }
        }
    }

    private func take(_ bytes: [UInt8]) throws {
        var position = 0
        try reader.withLock { reader in
            try unsafe bytes.withUnsafeBytes { bytes in
                while let event = try unsafe reader.next(bytes, from: &position) {
                    events.withLock { $0.append(event) }
                }
            }
        }
    }

    private func receive(_ count: Int) throws -> [UInt8] {
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            let received = unsafe recv(descriptor, room.baseAddress, count, 0)
            filled = max(0, received)
            failed = received < 0
        }
        if failed { throw Failure() }
        return bytes
    }

    func shutdownWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Has the end of this object break the connection off.
    func resetAtEnd() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }
}

/// connect(2) and send(2), whose names methods of `LiveClient` hide.
private func systemConnect(_ socket: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32
{
    unsafe connect(socket, address, length)
}

private func systemSend(_ socket: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe send(socket, bytes, count, Int32(MSG_NOSIGNAL))
}
