import Foundation

/// A TCP socket of 127.0.0.1 that blocks.
final class PlainSocket {
    private let descriptor: Int32

    struct Failure: Error {
        let code = errno
    }

    /// Connects to this port.
    init(to port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard unsafe Self.with(port, { unsafe connect(descriptor, $0, $1) }) == 0 else { throw Failure() }
    }

    /// Listens on a port that the system chooses.
    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard unsafe Self.with(0, { unsafe bind(descriptor, $0, $1) }) == 0, listen(descriptor, 1) == 0 else {
            throw Failure()
        }
    }

    deinit {
        close(descriptor)
    }

    /// The socket's own port.
    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Sends a request that asks for the connection's end, and gives all that comes until then.
    func exchange(_ method: String, _ target: String, json body: String = "") throws -> String {
        let head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        let request = Array("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        guard unsafe send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw Failure()
        }
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &part, part.count, 0)
            guard count >= 0 else { throw Failure() }
            if count == 0 { return String(decoding: answer, as: UTF8.self) }
            answer += part[..<count]
        }
    }

    private static func with(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
