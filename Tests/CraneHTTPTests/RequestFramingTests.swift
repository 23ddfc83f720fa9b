import Testing

@testable import CraneHTTP

@Suite("A request's framing")
struct RequestFramingTests {
    private func framing(_ fields: String, version: String = "1.1") throws -> RequestFraming {
        let text = "POST / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n"
        return try #require(parseAtEverySplit(text).head).framing
    }

    @Test("has a body only with Content-Length or Transfer-Encoding")
    func bodies() throws {
        #expect(try framing("").body == .none)
        #expect(try framing("Content-Length: 0\r\n").body == .none)
        #expect(try framing("Content-Length: 5\r\n").body == .length(5))
        #expect(try framing("content-LENGTH:\t12 \r\n").body == .length(12))
        #expect(
            try framing("Content-Length: 999999999999999999\r\n").body == .length(999_999_999_999_999_999))
        #expect(try framing("Transfer-Encoding: chunked\r\n").body == .chunked)
        #expect(try framing("transfer-encoding:CHUNKED \t\r\n").body == .chunked)
    }

    @Test("keeps an HTTP/1.1 connection unless it says close")
    func keepAlive() throws {
        #expect(try framing("").keepAlive)
        #expect(try framing("Connection: keep-alive\r\n").keepAlive)
        #expect(try !framing("Connection: close\r\n").keepAlive)
        #expect(try !framing("Connection: CLOSE\r\n").keepAlive)
        #expect(try !framing("Connection: foo , close,bar\r\n").keepAlive)
        #expect(try !framing("Connection: keep-alive, close\r\n").keepAlive)
        #expect(try !framing("Connection: foo\r\nConnection: close\r\n").keepAlive)
        #expect(try framing("Connection: closed, not-close, clos\r\n").keepAlive)
        #expect(try framing("Connection:\r\n").keepAlive)
        #expect(try framing("Connection: ,,\r\n").keepAlive)
    }

    @Test("keeps an HTTP/1.0 connection only if it says keep-alive")
    func keepAliveOld() throws {
        #expect(try !framing("", version: "1.0").keepAlive)
        #expect(try framing("Connection: Keep-Alive\r\n", version: "1.0").keepAlive)
        #expect(try !framing("Connection: keep-alive, close\r\n", version: "1.0").keepAlive)
        #expect(try framing("", version: "1.0").minorVersion == 0)
        for version in ["1.1", "1.2", "1.9"] {
            #expect(try framing("", version: version).minorVersion == 1)
            #expect(try framing("", version: version).keepAlive)
        }
    }

    @Test("waits for 100 Continue only when there is a body to send, and never in HTTP/1.0")
    func expectations() throws {
        #expect(try framing("Content-Length: 5\r\nExpect: 100-Continue\r\n").expectsContinue)
        #expect(try framing("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n").expectsContinue)
        #expect(try !framing("Expect: 100-continue\r\n").expectsContinue)
        #expect(try !framing("Content-Length: 0\r\nExpect: 100-continue\r\n").expectsContinue)
        #expect(try !framing("Content-Length: 5\r\n").expectsContinue)
        let old = try framing("Content-Length: 5\r\nExpect: 100-continue\r\n", version: "1.0")
        #expect(!old.expectsContinue)
        #expect(try !framing("Expect: something\r\n", version: "1.0").expectsContinue)
    }

    @Test("asks for an upgrade with both fields, in HTTP/1.1")
    func upgrades() throws {
        #expect(try framing("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n").wantsUpgrade)
        #expect(try !framing("Upgrade: websocket\r\n").wantsUpgrade)
        #expect(try !framing("Connection: upgrade\r\n").wantsUpgrade)
        let old = try framing("Connection: upgrade\r\nUpgrade: websocket\r\n", version: "1.0")
        #expect(!old.wantsUpgrade)
    }

    @Test("of a request that is used again has nothing of the one before")
    func reuse() throws {
        let request = Request.blank()
        var parser = RequestParser(limits: WireLimits())
        let first = "POST /a%41?b HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\nX: y\r\n\r\n"
        let second = "GET /c HTTP/1.1\r\nHost: a\r\n\r\n"
        for (text, path, query, count) in [
            (first, "/aA", "b", 3), (second, "/c", nil, 1), (first, "/aA", "b", 3),
        ] {
            request.reset(peer: request.connection.peer)
            let used = try unsafe latin1(text).withUnsafeBytes { bytes in
                try unsafe parser.parse(bytes, into: request)
            }
            #expect(used == text.utf8.count)
            #expect(request.path == path)
            #expect(request.query == query)
            #expect(request.fields.count == count)
            #expect(request.framing.minorVersion == (count == 1 ? 1 : 0))
            #expect(request.framing.body == (count == 1 ? .none : .length(3)))
        }
    }

    @Test("of a request that is used again is of the connection it came on")
    func connections() {
        let request = Request.blank()
        let peer = PeerAddress(ip: IPAddress(v4: 0x0102_0304), port: 5)
        request.reset(peer: peer)
        #expect(request.peer == peer)
    }
}
