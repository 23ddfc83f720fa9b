import Testing

@testable import CraneHTTP

@Suite("The limits of a head")
struct RequestLimitTests {
    private let limits = WireLimits(requestLine: 64, headerBytes: 100, headerCount: 3)

    private func outcome(_ text: String) -> Outcome { parseAtEverySplit(text, limits: limits) }

    @Test("let a request line of exactly the limit through and answer 414 to a longer one")
    func requestLine() {
        let fits = String(repeating: "a", count: 64 - "GET / HTTP/1.1".count)
        #expect(outcome("GET /\(fits) HTTP/1.1\r\nHost: a\r\n\r\n").head != nil)
        #expect(outcome("GET /\(fits)a HTTP/1.1\r\nHost: a\r\n\r\n").status == 414)
        #expect(outcome("GET /?\(fits)a HTTP/1.1\r\nHost: a\r\n\r\n").status == 414)
    }

    @Test("answer 414 before the line has ended")
    func endlessLine() {
        #expect(outcome("GET /" + String(repeating: "a", count: 61)).status == 414)
        #expect(outcome("GET /" + String(repeating: "a", count: 60)) == .incomplete)
        #expect(parse([latin1("GET /" + String(repeating: "a", count: 9000))[...]]).status == 414)
    }

    @Test("let fields of exactly the limit through and answer 431 to more bytes")
    func headerBytes() {
        // "Host: a" CRLF is 9 bytes, "X: " CRLF 5, the empty line 2.
        let fits = String(repeating: "x", count: 100 - 16)
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: \(fits)\r\n\r\n").head != nil)
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: \(fits)x\r\n\r\n").status == 431)
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\n\(fits)xxxxxxxxxxxxxxxxxxx").status == 431)
    }

    @Test("answer 431 before the field has ended")
    func endlessField() {
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 88)).status == 431)
        #expect(
            outcome("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 87)) == .incomplete)
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nX:" + String(repeating: " ", count: 100)).status == 431)
    }

    @Test("answer 431 to more fields than allowed")
    func headerCount() {
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\n\r\n").head != nil)
        #expect(outcome("GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\nC:\r\n\r\n").status == 431)
    }

    @Test("hold by default for a head of 100 fields, a line of 8000 bytes and 32 KiB of fields")
    func defaults() {
        let fields = (1..<100).map { "X-\($0): \(String(repeating: "v", count: 300))\r\n" }.joined()
        let path = String(repeating: "p", count: 8000)
        let head = parse([latin1("GET /\(path)%41 HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")[...]]).head
        #expect(head?.fields.count == 100)
        #expect(head?.path == "/\(path)A")
        #expect(head?.value("x-99")?.count == 300)
    }

    @Test("are brought into the range of a head's 16-bit offsets")
    func clamping() {
        let wide = WireLimits(requestLine: 1 << 30, headerBytes: 1 << 30, headerCount: 1 << 30).clamped
        #expect(2 * wide.requestLine + wide.headerBytes + 8 <= 65535)
        #expect(wide.requestLine >= 8000)
        let path = String(repeating: "%41", count: (wide.requestLine - 14) / 3)
        let filler = String(repeating: "f", count: wide.headerBytes - 27)
        let text = "GET /\(path) HTTP/1.1\r\nHost: a\r\nX: \(filler)\r\nY: end\r\n\r\n"
        let head = parse(
            [latin1(text)[...]], limits: WireLimits(requestLine: 1 << 30, headerBytes: 1 << 30)
        ).head
        #expect(head?.path == "/" + String(repeating: "A", count: path.count / 3))
        #expect(head?.value("y") == "end")
        let narrow = WireLimits(requestLine: 0, headerBytes: -1, headerCount: 0, chunkExtensionBytes: -1)
            .clamped
        #expect(narrow.requestLine > 0 && narrow.headerBytes > 0 && narrow.headerCount > 0)
    }

    @Test("keep a body behind a split head out of the request's memory")
    func bodyBehindHead() throws {
        let request = Request.blank()
        var parser = RequestParser(limits: WireLimits())
        let head = latin1("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n")
        let rest = head[10...] + Array(repeating: 0x41, count: 60000)
        _ = try unsafe Array(head[..<10]).withUnsafeBytes { try unsafe parser.parse($0, into: request) }
        let used = try unsafe Array(rest).withUnsafeBytes { try unsafe parser.parse($0, into: request) }
        #expect(used == head.count - 10)
        #expect(request.byteCount == head.count)
        #expect(request.capacity <= 4096)
    }

    @Test("a long head's memory is given back when the request is used again")
    func memory() throws {
        let request = Request.blank()
        var parser = RequestParser(limits: WireLimits())
        let text = "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 30000))\r\n\r\n"
        _ = try unsafe latin1(text).withUnsafeBytes { try unsafe parser.parse($0, into: request) }
        #expect(request.capacity > 30000)
        request.reset(peer: request.connection.peer)
        #expect(request.capacity <= 1024)
    }
}
