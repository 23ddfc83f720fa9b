import CraneHTTP
import CraneSystem
import HTTPTypes

/// A response's bytes, taken apart.
struct RawResponse {
    private let head: String
    private let content: [UInt8]

    init(_ bytes: [UInt8]) throws {
        guard let end = RawResponse.headEnd(in: bytes) else { throw TestFailure("there is no response") }
        head = String(decoding: bytes[..<(end - 4)], as: UTF8.self)
        content = Array(bytes[end...])
    }

    /// Where the content begins; `nil` while the head goes on.
    static func headEnd(in bytes: [UInt8]) -> Int? {
        let end = Array("\r\n\r\n".utf8)
        return bytes.indices.first { bytes[$0...].starts(with: end) }.map { $0 + end.count }
    }

    /// The response with its body put together (RFC 9112, section 6.3).
    func response(isHead: Bool) throws -> TestResponse {
        let lines = head.pieces(at: "\n").map { line in
            line.utf8.last == 13 ? line[..<line.utf8.index(before: line.endIndex)] : line
        }
        guard let status = lines.first?.pieces(at: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw TestFailure("the response has no status: \(head)")
        }
        var headers = HTTPFields()
        for line in lines.dropFirst() {
            guard let (before, value) = line.halves(at: ":"), let name = HTTPField.Name(String(before)) else {
                throw TestFailure("no header field: \(line)")
            }
            headers.append(HTTPField(name: name, value: String(value.withoutBlanks)))
        }
        let isChunked = headers[.transferEncoding]?.lowercased() == "chunked"
        let body = isHead ? [] : isChunked ? try unchunked() : content
        if !isHead, let length = headers[.contentLength].flatMap({ Int($0) }), length != body.count {
            throw TestFailure("\(body.count) bytes of \(length) came")
        }
        return TestResponse(status: .init(code: status), headers: headers, body: body)
    }

    private func unchunked() throws -> [UInt8] {
        var body: [UInt8] = []
        var rest = content[...]
        while let end = rest.firstIndex(of: 13) {
            guard let length = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16) else { break }
            if length == 0 { return body }
            rest = rest[end...].dropFirst(2)
            guard rest.count >= length + 2 else { break }
            body += rest.prefix(length)
            rest = rest.dropFirst(length + 2)
        }
        throw TestFailure("the chunked body was cut")
    }
}
