import TestSupport

/// A response as it came over the wire.
struct Answer: Sendable {
    var version = ""
    var status = 0
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var trailers: [(name: String, value: String)] = []

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the only field of this name.
    subscript(name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name }.map(\.value)
        return values.count == 1 ? values[0] : nil
    }

    /// Whether the server says that the connection ends.
    var closes: Bool { self["connection"] == "close" }
}

struct BrokenAnswer: Error, CustomStringConvertible {
    let reason: String
    /// How much had come of what it broke in, and the beginning of that.
    let count: Int
    let start: String

    init(reason: String, rest: [UInt8] = []) {
        self.reason = reason
        count = rest.count
        start = String(decoding: rest.prefix(100), as: UTF8.self)
    }

    var description: String { "\(reason), after \(count) bytes" }
}

/// A client that writes bytes and reads answers; one task at a time.
final class Client: @unchecked Sendable {
    let socket: RawSocket
    private var buffer: [UInt8] = []

    init(_ socket: RawSocket) { self.socket = socket }

    func send(_ text: String) async throws { try await socket.send(Array(text.utf8)) }
    func send(_ bytes: [UInt8]) async throws { try await socket.send(bytes) }

    /// Sends a request and reads its response.
    func get(_ path: String, method: String = "GET", fields: String = "") async throws -> Answer {
        try await send("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        return try await answer(isHead: method == "HEAD")
    }

    func post(_ path: String, _ body: String) async throws -> Answer {
        try await send(
            "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try await answer()
    }

    /// The next response; throws `BrokenAnswer` when the connection ends inside it.
    func answer(isHead: Bool = false) async throws -> Answer {
        var answer = Answer()
        let lines = try await head()
        let parts = lines[0].split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, let status = Int(parts[1]) else {
            throw BrokenAnswer(reason: "status line \(lines[0])")
        }
        answer.version = String(parts[0])
        answer.status = status
        answer.fields = try Client.fields(lines.dropFirst())
        if isHead || status < 200 || status == 204 || status == 304 { return answer }
        if answer["transfer-encoding"] == "chunked" {
            try await readChunks(into: &answer)
        } else if let length = answer["content-length"] {
            answer.body = try await take(Int(length) ?? 0)
        } else {
            answer.body = try await everything()
        }
        return answer
    }

    /// All that comes until the server ends the connection.
    func everything() async throws -> [UInt8] {
        while try await receive() {}
        defer { buffer = [] }
        return buffer
    }

    /// Whether nothing more comes and the server ends the connection in good order.
    func isAtEnd() async throws -> Bool { try await everything().isEmpty }

    /// What has come and is no part of a response that was read.
    var rest: [UInt8] { buffer }

    private func receive() async throws -> Bool {
        let part = try await socket.receive()
        buffer += part
        return !part.isEmpty
    }

    /// The lines of a head or a trailer section.
    private func head() async throws -> [String] {
        var lines: [String] = []
        while true {
            let line = try await line()
            if line.isEmpty, !lines.isEmpty { return lines }
            lines.append(line)
        }
    }

    private func line(behind body: [UInt8] = []) async throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                guard end > 0, buffer[end - 1] == 13 else { throw BrokenAnswer(reason: "bare line feed") }
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<(end - 1)], as: UTF8.self)
            }
            guard try await receive() else {
                throw BrokenAnswer(reason: "end inside a line", rest: body + buffer)
            }
        }
    }

    private func take(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count {
            guard try await receive() else { throw BrokenAnswer(reason: "end inside a body", rest: buffer) }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func readChunks(into answer: inout Answer) async throws {
        while true {
            guard let size = Int(try await line(behind: answer.body), radix: 16) else {
                throw BrokenAnswer(reason: "chunk size", rest: answer.body)
            }
            if size == 0 { break }
            answer.body += try await take(size)
            guard try await line(behind: answer.body).isEmpty else {
                throw BrokenAnswer(reason: "chunk end", rest: answer.body)
            }
        }
        var lines: [String] = []
        while case let line = try await line(), !line.isEmpty { lines.append(line) }
        answer.trailers = try Client.fields(lines[...])
    }

    private static func fields(_ lines: ArraySlice<String>) throws -> [(name: String, value: String)] {
        try lines.map { line in
            guard let colon = line.firstIndex(of: ":") else { throw BrokenAnswer(reason: "field \(line)") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
    }
}
