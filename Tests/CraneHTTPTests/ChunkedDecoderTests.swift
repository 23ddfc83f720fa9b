import Testing

@testable import CraneHTTP

@Suite("A chunked body")
struct ChunkedDecoderTests {
    @Test("gives its data and ends behind its trailer section")
    func bodies() {
        #expect(decodeAtEverySplit("0\r\n\r\n").body?.isEmpty == true)
        #expect(decodeAtEverySplit("5\r\nhello\r\n0\r\n\r\n").body == "hello")
        #expect(decodeAtEverySplit("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n").body == "hello world")
        #expect(decodeAtEverySplit("A\r\nhelloworld\r\n00\r\n\r\n").body == "helloworld")
        #expect(
            decodeAtEverySplit("000000000000000a\r\nhelloworld\r\n0000000000000000\r\n\r\n").body
                == "helloworld")
        let binary = decodeAtEverySplit("4\r\n\r\n\u{0}\u{FF}\r\n0\r\n\r\n")
        #expect(binary == .complete(body: [13, 10, 0, 255], trailers: [], length: 14))
    }

    @Test("leaves what follows it")
    func rest() {
        let bytes = latin1("1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\n")
        #expect(decode([bytes[...]]) == .complete(body: [0x61], trailers: [], length: 11))
        let trailed = latin1("0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n")
        #expect(decode([trailed[...]]) == .complete(body: [], trailers: ["X: y"], length: 11))
    }

    @Test("is incomplete until its last line has ended")
    func incomplete() {
        #expect(decodeAtEverySplit("5\r\nhello\r\n") == .incomplete(body: latin1("hello")))
        #expect(decodeAtEverySplit("5\r\nhel") == .incomplete(body: latin1("hel")))
        #expect(decodeAtEverySplit("5\r\nhello\r\n0\r\n") == .incomplete(body: latin1("hello")))
        #expect(decodeAtEverySplit("0\r\nX: y\r\n") == .incomplete(body: []))
        #expect(decodeAtEverySplit("0\r\n\r") == .incomplete(body: []))
    }

    @Test(
        "may carry extensions, which are checked and dropped",
        arguments: [
            ";a", ";a=b", ";a=\"b c\"", ";a;b", ";a=b;c=d", ";a=\"\"", ";a=\"\\\"\\\\\"", " ;a",
            "\t;\ta\t=\tb\t;c",
            ";a=\"b\";c", ";a=\"\u{E9}\"", ";a=\"b\" ;c", "; a = \"b\\ c\"", ";a=\"\t\"",
        ])
    func extensions(_ text: String) {
        #expect(decodeAtEverySplit("5\(text)\r\nhello\r\n0\(text)\r\n\r\n").body == "hello")
    }

    @Test("has a bound on all its extensions together")
    func extensionLimit() {
        let limits = WireLimits(chunkExtensionBytes: 10)
        // Each ";abc" CR counts 5.
        #expect(decodeAtEverySplit("1;abc\r\na\r\n0;abc\r\n\r\n", limits: limits).body == "a")
        #expect(decodeAtEverySplit("1;abc\r\na\r\n0;abcd\r\n\r\n", limits: limits).status == 413)
        let long = ";a=" + String(repeating: "x", count: 65536)
        #expect(decode([latin1("5\(long)\r\nhello\r\n0\r\n\r\n")[...]]).status == 413)
    }

    @Test("has trailer fields, without those that may not stand there")
    func trailers() {
        let text =
            "1\r\na\r\n0\r\nX-Sum: 1\r\nHost: evil\r\nContent-Length: 50\r\nTransfer-Encoding: chunked\r\n"
            + "Authorization: Bearer evil\r\nContent-Type: text/evil\r\nCookie: a=b\r\nX-Forwarded-For: 1.2.3.4\r\n"
            + "x-sum:  2 \r\nConnection: close\r\nETag: \"v\"\r\n\r\n"
        #expect(decodeAtEverySplit(text).trailers == ["X-Sum: 1", "x-sum: 2", "ETag: \"v\""])
    }

    @Test("has a bound on trailer bytes and trailer lines")
    func trailerLimits() {
        let limits = WireLimits(headerBytes: 20, headerCount: 2)
        #expect(decodeAtEverySplit("0\r\nX: 2345678901234\r\n\r\n", limits: limits).trailers?.count == 1)
        #expect(decodeAtEverySplit("0\r\nX: 23456789012345\r\n\r\n", limits: limits).status == 431)
        #expect(decodeAtEverySplit("0\r\nX: 2345678901234567890", limits: limits).status == 431)
        #expect(decodeAtEverySplit("0\r\nA:\r\nB:\r\n\r\n", limits: limits).trailers?.count == 2)
        #expect(decodeAtEverySplit("0\r\nA:\r\nB:\r\nC:\r\n\r\n", limits: limits).status == 431)
    }

    @Test("is refused when broken, alike at every split", arguments: ChunkTable.all)
    func refusal(_ wireCase: WireCase) {
        let outcome: Outcome =
            switch decodeAtEverySplit(wireCase.text) {
            case .refused(let status): .refused(status)
            default: .incomplete
            }
        wireCase.check(outcome)
    }
}

/// Chunked bodies that a strict server refuses.
enum ChunkTable {
    static let all = sizes + ends + extensions + trailers

    static let sizes = [
        WireCase("SMUG-CHUNK-EMPTY-SIZE", "9112, 7.1", "\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-NO-SIZE-EXT", "9112, 7.1", ";a\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EMPTY-LAST", "9112, 7.1", "\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-LAST", "9112, 7.1", ";a\r\n\r\n"),
        WireCase("SMUG-CHUNK-HEX-PREFIX", "9112, 7.1", "0x5\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-SIZE-PLUS", "9112, 7.1", "+5\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-NEGATIVE", "9112, 7.1", "-1\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-UNDERSCORE", "9112, 7.1", "1_0\r\nhello world!!!!!\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-LEADING-SP", "9112, 7.1", " 5\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-SIZE-TRAILING-OWS", "9112, 7.1", "5 \r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-SIZE-TRAILING-TAB", "9112, 7.1", "5\t\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-SIZE-INNER-SP", "9112, 7.1", "1 0\r\nhelloworld123456\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-LETTER", "9112, 7.1", "g\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-QUOTED", "9112, 7.1", "\"5\"\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-COMMA", "9112, 7.1", "5,5\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-DOT", "9112, 7.1", "5.0\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-NUL", "9112, 7.1", "5\u{0}\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-VT", "9112, 7.1", "5\u{B}\r\nhello\r\n0\r\n\r\n"),
        WireCase("MAL-CHUNK-SIZE-OVERFLOW", "9112, 7.1", "FFFFFFFFFFFFFFFF0\r\nhello\r\n0\r\n\r\n"),
        WireCase("MAL-CHUNK-SIZE-MAX", "9112, 7.1", "FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
        WireCase("MAL-CHUNK-SIZE-SIGN-BIT", "9112, 7.1", "8000000000000000\r\nhello\r\n0\r\n\r\n"),
        WireCase("MAL-CHUNK-SIZE-17-DIGITS", "9112, 7.1", "00000000000000005\r\nhello\r\n0\r\n\r\n"),
    ]

    static let ends = [
        WireCase("SMUG-CHUNK-LF-SIZE", "9112, 7.1", "5\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-BARE-CR-TERM", "9112, 7.1", "5\rhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-CR-CR-LF", "9112, 7.1", "5\r\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-LF-TERM", "9112, 7.1", "5\r\nhello\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-CR-TERM", "9112, 7.1", "5\r\nhello\r0\r\n\r\n"),
        WireCase("SMUG-CHUNK-MISSING-TRAILING-CRLF", "9112, 7.1", "5\r\nhello0\r\n\r\n"),
        WireCase("SMUG-CHUNK-SPILL", "9112, 7.1", "5\r\nhello!!\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-SHORT", "9112, 7.1", "6\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-TWO-CRLF", "9112, 7.1", "5\r\nhello\r\n\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-TWO-CHARACTERS", "9112, 7.1", "5\r\nhelloXX0\r\n\r\n"),
        WireCase("SMUG-CHUNK-LAST-LF", "9112, 7.1", "0\n\r\n"),
        WireCase("SMUG-CHUNK-LF-TRAILER", "9112, 7.1.2", "5\r\nhello\r\n0\r\n\n"),
        WireCase("SMUG-CHUNK-CR-TRAILER", "9112, 7.1.2", "5\r\nhello\r\n0\r\n\rX"),
    ]

    static let extensions = [
        WireCase("SMUG-CHUNK-BARE-SEMICOLON", "9112, 7.1.1", "5;\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-TWO-SEMICOLONS", "9112, 7.1.1", "5;;a\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-TRAILING-SEMICOLON", "9112, 7.1.1", "5;a;\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-NO-VALUE", "9112, 7.1.1", "5;a=\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-NO-NAME", "9112, 7.1.1", "5;=a\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-TWO-EQUALS", "9112, 7.1.1", "5;a=b=c\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-INVALID-TOKEN", "9112, 7.1.1", "5;bad[=x\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-TWO-WORDS", "9112, 7.1.1", "5;a b\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-TRAILING-SP", "9112, 7.1.1", "5;a \r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-VALUE-TRAILING-SP", "9112, 7.1.1", "5;a=b \r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-NO-SEMICOLON", "9112, 7.1.1", "5 a\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-LF", "9112, 7.1.1", "5;\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-NAME-LF", "9112, 7.1.1", "5;a\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-CR", "9112, 7.1.1", "5;a\rX\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-CTRL", "9112, 7.1.1", "5;\u{0}ext\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-QUOTED-LF", "9110, 5.6.4", "5;a=\"b\nc\"\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-QUOTED-CR", "9110, 5.6.4", "5;a=\"b\rc\"\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-QUOTED-CRLF", "9110, 5.6.4", "5;a=\"b\r\nc\"\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-ESCAPED-CR", "9110, 5.6.4", "5;a=\"b\\\rc\"\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-ESCAPED-LF", "9110, 5.6.4", "5;a=\"b\\\nc\"\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-QUOTED-NUL", "9110, 5.6.4", "5;a=\"b\u{0}c\"\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-UNCLOSED", "9110, 5.6.4", "5;a=\"b\r\nhello\r\n0\r\n\r\n"),
        WireCase("SMUG-CHUNK-EXT-AFTER-QUOTED", "9110, 5.6.4", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"),
    ]

    static let trailers = [
        WireCase("SMUG-TRAILER-BARE-LF", "9112, 7.1.2", "0\r\nX: y\n\r\n"),
        WireCase("SMUG-TRAILER-OBS-FOLD", "9112, 5.2", "0\r\nX: y\r\n z\r\n\r\n"),
        WireCase("SMUG-TRAILER-SP-FIRST", "9112, 5.2", "0\r\n X: y\r\n\r\n"),
        WireCase("SMUG-TRAILER-SP-BEFORE-COLON", "9112, 5.1", "0\r\nX : y\r\n\r\n"),
        WireCase("SMUG-TRAILER-NO-COLON", "9112, 5.1", "0\r\nX\r\n\r\n"),
        WireCase("SMUG-TRAILER-REQUEST-LINE", "9112, 5.1", "0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("SMUG-TRAILER-CTRL", "9110, 5.5", "0\r\nX: a\u{0}b\r\n\r\n"),
        WireCase("SMUG-TRAILER-EMPTY-NAME", "9110, 5.1", "0\r\n: a\r\n\r\n"),
    ]
}
