import Foundation

/// One keep-alive connection that waits for each response; for tests with a thread a client.
final class HTTPClient {
    struct Answer {
        let status: Int
        let body: String
        let closes: Bool
    }

    /// How far a request came.
    enum Failure: Error {
        case refused
        /// The connection ended before the first byte of a response.
        case unanswered
        case cut
    }

    private let socket: Int32
    private var buffer: [UInt8] = []

    init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var time = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(socket)
            throw Failure.refused
        }
    }

    deinit {
        close(socket)
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Whether the server has closed it, as it may close one that idles: a request that is sent now reaches nobody (RFC 9112, section 9.3.1).
    var hasEnded: Bool {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
    }

    private func send(_ bytes: [UInt8]) throws {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            var sent = 0
            repeat {
                sent = bytes.withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
            } while sent < 0 && errno == EINTR
            guard sent > 0 else { throw Failure.unanswered }
            bytes = bytes.dropFirst(sent)
        }
    }

    func request(_ method: String, _ path: String, json: String? = nil) throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        if let json { head += "Content-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n" }
        try send(head + "\r\n" + (json ?? ""))
        return try answer()
    }

    /// Reads one response with a content-length, or in chunks (RFC 9112, section 7.1).
    func answer() throws -> Answer {
        var end = headEnd
        while end == nil {
            guard receive() else { throw buffer.isEmpty ? Failure.unanswered : Failure.cut }
            end = headEnd
        }
        let head = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self).lowercased()
        if head.contains("transfer-encoding: chunked") {
            buffer.removeFirst((end ?? 0) + 4)
            return Answer(
                status: Int(head.dropFirst(9).prefix(3)) ?? 0, body: try chunks(),
                closes: head.contains("connection: close"))
        }
        let length = head.firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
        let total = (end ?? 0) + 4 + length
        while buffer.count < total { guard receive() else { throw Failure.cut } }
        let body = String(decoding: buffer[(total - length)..<total], as: UTF8.self)
        buffer.removeFirst(total)
        let status = Int(head.dropFirst(9).prefix(3)) ?? 0
        return Answer(status: status, body: body, closes: head.contains("connection: close"))
    }

    /// Reads chunks to the last one; none has extensions, and no trailer follows.
    private func chunks() throws -> String {
        var body: [UInt8] = []
        while true {
            var lineEnd = buffer.firstIndex(of: 13)
            while lineEnd == nil {
                guard receive() else { throw Failure.cut }
                lineEnd = buffer.firstIndex(of: 13)
            }
            let start = (lineEnd ?? 0) + 2
            guard let size = Int(String(decoding: buffer[..<(start - 2)], as: UTF8.self), radix: 16) else {
                throw Failure.cut
            }
            while buffer.count < start + size + 2 { guard receive() else { throw Failure.cut } }
            body += buffer[start..<(start + size)]
            buffer.removeFirst(start + size + 2)
            if size == 0 { return String(decoding: body, as: UTF8.self) }
        }
    }

    private var headEnd: Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...(buffer.count - 4)).first { Array(buffer[$0..<($0 + 4)]) == [13, 10, 13, 10] }
    }

    private func receive() -> Bool {
        var part = [UInt8](repeating: 0, count: 16 << 10)
        var count = 0
        // One with a time-out is begun again by nobody else after a signal (signal(7)).
        repeat { count = recv(socket, &part, part.count, 0) } while count < 0 && errno == EINTR
        guard count > 0 else { return false }
        buffer += part[..<count]
        return true
    }
}

extension HTTPClient {
    /// Opens a WebSocket; the response must be 101.
    func openWebSocket(_ path: String) throws {
        try send(
            "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        guard try answer().status == 101 else { throw Failure.refused }
    }

    /// Waits for the server's goodbye, a final close frame whose payload begins with a code (RFC 6455, section 5.5.1).
    func hearsGoodbye() -> Bool {
        while buffer.count < 4 { guard receive() else { return false } }
        return buffer[0] == 0x88 && buffer[1] >= 2
    }

    /// Waits for the server's goodbye, answers it and waits for the connection's end; its code, 0 without one.
    func closeCode() throws -> Int {
        guard hearsGoodbye() else { return 0 }
        let code = buffer[2...3]
        // The same code back, under a mask of zeros.
        try send([0x88, 0x82, 0, 0, 0, 0] + code)
        while receive() {}
        return code.reduce(0) { $0 << 8 | Int($1) }
    }
}
