import Testing

@testable import CraneHTTP

/// The spirit of the public conformance lists for HTTP/1.1 servers; the sections are those of RFC 9110 and RFC 9112.
@Suite("A request that a strict server refuses")
struct RequestRefusalTests {
    @Test("is refused alike at every split", arguments: RefusalTable.all)
    func refusal(_ wireCase: WireCase) {
        wireCase.check(parseAtEverySplit(wireCase.text))
    }

    @Test("has no case twice")
    func unique() {
        #expect(Set(RefusalTable.all.map(\.id)).count == RefusalTable.all.count)
        #expect(RefusalTable.all.count >= 150)
    }

    @Test("is refused at the first byte that shows it, not at the end of its line")
    func early() {
        for text in [
            "\u{16}", "\u{80}", " ", "\n", "G\u{0}", "GET\r", "GET  ", "GET /\u{7F}", "GET / h",
            "GET / HTTP/1.1\n",
        ] {
            #expect(parse([latin1(text)[...]]).status == 400, "\(text.debugDescription)")
        }
        #expect(parse([latin1("GET / HTTP/2.0")[...]]).status == 505)
        let line = "GET / HTTP/1.1\r\n"
        for text in [" ", "\n", ":", "a ", "a\r", "a: \u{0}", "a: b\r\r", "a: b\n", "\r\r", "Host: a/\r\n"] {
            #expect(parse([latin1(line + text)[...]]).status == 400, "\(text.debugDescription)")
        }
    }

    @Test("for any byte that is not a token's in a method or a field name")
    func tokens() {
        let token = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        for byte in UInt8.min...UInt8.max {
            let inMethod = latin1("G") + [byte] + latin1("T / HTTP/1.1\r\nHost: a\r\n\r\n")
            let inName = latin1("GET / HTTP/1.1\r\nHost: a\r\nX") + [byte] + latin1("Y: z\r\n\r\n")
            #expect((parse([inMethod[...]]).head != nil) == token.contains(byte), "\(byte)")
            // A colon ends the name earlier, which is no fault.
            #expect((parse([inName[...]]).head != nil) == (token.contains(byte) || byte == 0x3A), "\(byte)")
        }
    }

    @Test("for any byte in a target or a value that does not belong there")
    func targetsAndValues() {
        for byte in UInt8.min...UInt8.max {
            let inPath = latin1("GET /a") + [byte] + latin1("b HTTP/1.1\r\nHost: a\r\n\r\n")
            let inQuery = latin1("GET /?a") + [byte] + latin1("b HTTP/1.1\r\nHost: a\r\n\r\n")
            let inValue = latin1("GET / HTTP/1.1\r\nHost: a\r\nX: a") + [byte] + latin1("b\r\n\r\n")
            let visible = byte > 0x20 && byte < 0x7F && byte != 0x23
            #expect((parse([inPath[...]]).head != nil) == visible, "\(byte)")
            #expect((parse([inQuery[...]]).head != nil) == visible, "\(byte)")
            #expect(
                (parse([inValue[...]]).head != nil) == (byte == 9 || byte >= 0x20 && byte != 0x7F), "\(byte)")
        }
    }
}
