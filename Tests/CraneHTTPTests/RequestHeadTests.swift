import HTTPTypes
import Testing

@testable import CraneHTTP

@Suite("A request head that is well formed")
struct RequestHeadTests {
    private func head(_ text: String) throws -> Head {
        try #require(parseAtEverySplit(text).head)
    }

    @Test("gives method, target, path, query and fields")
    func ordinary() throws {
        let head = try head(
            "GET /comments/?talk_id=1&limit=5 HTTP/1.1\r\nHost: localhost:8000\r\nAccept: */*\r\n\r\n")
        #expect(head.method == "GET")
        #expect(head.target == "/comments/?talk_id=1&limit=5")
        #expect(head.path == "/comments/")
        #expect(head.query == "talk_id=1&limit=5")
        #expect(head.fields.map(\.name) == ["Host", "Accept"])
        #expect(head.value("accept") == "*/*")
        #expect(head.framing == RequestFraming())
    }

    @Test("ends at its empty line; what follows is left")
    func length() throws {
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let head = try #require(parse([latin1(text + "GET /next HTTP/1.1\r\n")[...]]).head)
        #expect(head.length == text.utf8.count)
    }

    @Test(
        "keeps every registered method and any other token",
        arguments: [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY", "PROPFIND", "get",
            "M-SEARCH", "!#$%&'*+-.^_`|~", "PUB", "LOOK", "PATCK", "UPDATE", "OPTIONZ", "X",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
        ])
    func methods(_ method: String) throws {
        #expect(try head("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n").method == method)
    }

    @Test("takes percent signs off the path and leaves the query alone")
    func percentDecoding() throws {
        let decoded = try head("GET /a%20b%2Fc%C3%A9?q=%20 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(decoded.path == "/a b/c\u{E9}")
        #expect(decoded.rawPath == "/a%20b%2Fc%C3%A9")
        #expect(decoded.query == "q=%20")
        #expect(try head("GET /%zz%4%%41% HTTP/1.1\r\nHost: a\r\n\r\n").path == "/%zz%4%A%")
        #expect(try head("GET /?a=%41 HTTP/1.1\r\nHost: a\r\n\r\n").path == "/")
    }

    @Test("tells an empty query from none and keeps further question marks")
    func queries() throws {
        #expect(try head("GET /a HTTP/1.1\r\nHost: a\r\n\r\n").query == nil)
        #expect(try head("GET /a? HTTP/1.1\r\nHost: a\r\n\r\n").query?.isEmpty == true)
        #expect(try head("GET /a??b?=c HTTP/1.1\r\nHost: a\r\n\r\n").query == "?b?=c")
    }

    @Test("takes any visible ASCII in a target, as browsers send it")
    func visibleTarget() throws {
        let odd = "/a|b{c}\"<d>^e`\\[f]~!$&'()*+,;=:@"
        #expect(try head("GET \(odd)?\(odd) HTTP/1.1\r\nHost: a\r\n\r\n").path == odd)
    }

    @Test("trims white space around values, keeps it inside, and takes empty values")
    func values() throws {
        let head = try head(
            "GET / HTTP/1.1\r\nHost:a\r\nA:\t b \t c\t \r\nB:\r\nC:   \r\nD: \u{80}\u{E9}\u{FF}\r\n\r\n")
        #expect(head.value("a") == "b \t c")
        #expect(head.value("b")?.isEmpty == true)
        #expect(head.value("c")?.isEmpty == true)
        #expect(head.fields.last?.value == [0x80, 0xE9, 0xFF])
    }

    @Test("finds the end of a value wherever a control byte stands")
    func valueScanning() throws {
        for length in 0..<40 {
            let value = String(repeating: "v", count: length)
            #expect(try head("GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n").value("x") == value)
            for byte in ["\u{0}", "\u{1}", "\u{1F}", "\u{7F}", "\n"] {
                let text = "GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\(byte)more of the value\r\n\r\n"
                #expect(parse([latin1(text)[...]]).status == 400)
            }
            let tabbed = "a\(value)\t\(value)b\t\tc"
            #expect(try head("GET / HTTP/1.1\r\nHost: a\r\nX: \(tabbed)\r\n\r\n").value("x") == tabbed)
        }
    }

    @Test("takes each byte where it may stand, at whichever place", arguments: 0...19)
    func everyByte(at place: Int) throws {
        let letters = String(repeating: "a", count: 19)
        let token = Set("!#$%&'*+-.^_`|~0123456789".utf8)
        for byte in UInt8.min...UInt8.max {
            var text = Array(letters.utf8)
            text.insert(byte, at: place)
            func taken(_ before: String, _ after: String) -> Head? {
                parse([(Array(before.utf8) + text + Array(after.utf8))[...]]).head
            }
            let isVisible = byte > 0x20 && byte < 0x7F
            let path = taken("GET /", " HTTP/1.1\r\nHost: a\r\n\r\n")
            // A space ends the target, and what follows is no version.
            #expect((path != nil) == (isVisible && byte != UInt8(ascii: "#")))
            let asks = byte == UInt8(ascii: "?")
            #expect(path?.query == (asks ? String(letters.dropFirst(place)) : nil))
            let query = taken("GET /?", " HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect((query != nil) == (isVisible && byte != UInt8(ascii: "#")))
            let isLetter = (65...90).contains(byte & 0xDF) && byte < 128
            let name = taken("GET / HTTP/1.1\r\nHost: a\r\n", ": b\r\n\r\n")
            let isColon = byte == UInt8(ascii: ":") && place > 0
            #expect((name != nil) == (isLetter || token.contains(byte) || isColon))
            if let name { #expect(name.fields[1].name.utf8.count == (isColon ? place : 20)) }
            let method = taken("", " / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect((method != nil) == (isLetter || token.contains(byte)))
        }
    }

    @Test("may follow a few empty lines, which do not belong to it")
    func leadingEmptyLines() throws {
        for count in 0...4 {
            let lines = String(repeating: "\r\n", count: count)
            let head = try head("\(lines)GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(head.method == "GET")
            #expect(head.length == 2 * count + 27)
        }
    }

    @Test("in absolute form names the host itself")
    func absoluteForm() throws {
        let head = try head("GET HTTP://Example.org:80/a?b HTTP/1.1\r\nX: y\r\nHost: other\r\n\r\n")
        #expect(head.path == "/a")
        #expect(head.query == "b")
        #expect(head.value("host") == "Example.org:80")
        #expect(head.target == "HTTP://Example.org:80/a?b")
        let bare = try self.head("GET https://a.b HTTP/1.1\r\nHost: a.b\r\n\r\n")
        #expect(bare.path == "/")
        #expect(bare.rawPath == "/")
        let query = try self.head("GET http://a.b?x=/y%41 HTTP/1.1\r\nHost:\r\n\r\n")
        #expect(query.path == "/")
        #expect(query.query == "x=/y%41")
        #expect(try self.head("OPTIONS http://a.b HTTP/1.1\r\nHost: a.b\r\n\r\n").path == "*")
        #expect(try self.head("OPTIONS http://a.b/ HTTP/1.1\r\nHost: a.b\r\n\r\n").path == "/")
        #expect(try self.head("GET http://[::1]:8000/%41 HTTP/1.1\r\nHost: a\r\n\r\n").path == "/A")
    }

    @Test("of HTTP/1.0 without Host gets one from an absolute target")
    func absoluteFormWithoutHost() throws {
        let head = try head("GET http://a.b/c HTTP/1.0\r\n\r\n")
        #expect(head.value("host") == "a.b")
        #expect(head.fields.count == 1)
    }

    @Test("in asterisk form is for OPTIONS")
    func asteriskForm() throws {
        #expect(try head("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path == "*")
    }

    @Test(
        "takes hosts by their grammar",
        arguments: [
            "localhost", "a", "example.org", "example.org.", "my_host", "127.0.0.1", "127.0.0.1:8000", "a:",
            "a:0", "a:65535", "[::1]", "[::1]:8000", "[2001:db8::1:2]", "[::ffff:1.2.3.4]",
            "xn--bcher-kva.example",
            "a%20b", "1.2.3.4.5", "-", "a!$&'()*+;=~",
        ])
    func hosts(_ host: String) throws {
        #expect(try head("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").value("host") == host)
    }
}
