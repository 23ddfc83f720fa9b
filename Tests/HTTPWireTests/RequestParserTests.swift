import HTTPTypes
import Testing

@testable import HTTPWire

final class NoServices: LoopServices {
    let index = 0
    func sleep(for duration: Duration) async throws {}
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try work()
    }
    func spawn(_ work: @escaping @Sendable () async -> Void) {}
}

@Suite("The request parser")
struct RequestParserTests {
    @Test("reads an ordinary head")
    func ordinary() throws {
        let info = ConnectionInfo(peer: .unixSocket, loop: NoServices())
        let request = Request(connection: info)
        var parser = RequestParser(limits: WireLimits())
        let text = "GET /a%20b?x=1 HTTP/1.1\r\nHost: localhost:8000\r\nAccept: */*  \r\n\r\nrest"
        let used = try Array(text.utf8).withUnsafeBytes { bytes throws(WireError) in
            try unsafe parser.parse(bytes, into: request)
        }
        #expect(used == text.utf8.count - 4)
        #expect(request.path == "/a b")
        #expect(request.query == "x=1")
        #expect(request.rawPath == "/a%20b")
        #expect(request.target == "/a%20b?x=1")
        #expect(request.headers[.accept] == "*/*")
        #expect(request.method == .get)
    }
}
