import CraneSystem
import HTTPTypes
import Testing

@testable import CraneHTTP

@Suite("A request's header fields")
struct RequestHeadersTests {
    private func request(_ fields: String) throws -> Request {
        let request = Request.blank()
        var parser = RequestParser(limits: WireLimits())
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
        let used = try unsafe latin1(text).withUnsafeBytes { try unsafe parser.parse($0, into: request) }
        #expect(used == text.unicodeScalars.count)
        return request
    }

    @Test("are found whatever their case")
    func lookUp() throws {
        let headers = try request("ACCEPT: one\r\nx-Custom: two\r\n").headers
        #expect(headers[.accept] == "one")
        #expect(headers[HTTPField.Name("X-CUSTOM")!] == "two")
        #expect(headers[.origin] == nil)
        #expect(headers.contains(HTTPField.Name("host")!))
        #expect(!headers.contains(.cookie))
        #expect(headers.count == 3)
    }

    @Test("of one name are joined by a comma, cookies by a semicolon")
    func joined() throws {
        let headers = try request("Accept: a\r\nCookie: x=1\r\nAccept: b\r\nCookie: y=2\r\n").headers
        #expect(headers[.accept] == "a, b")
        #expect(headers[.cookie] == "x=1; y=2")
        #expect(headers.values(.accept) == ["a", "b"])
        #expect(headers.values(.origin).isEmpty)
    }

    @Test("come in order, with the case they were sent in")
    func sequence() throws {
        let fields = Array(try request("aCCept: a\r\nB: \u{FF}\r\n").headers)
        #expect(fields.map(\.name.rawName) == ["Host", "aCCept", "B"])
        #expect(fields.map(\.value) == ["a", "a", "\u{FFFD}"])
    }

    @Test("give their bytes without a string")
    func bytes() throws {
        let request = try request("Accept: \u{E9}\r\n")
        let accept = request.bytes(of: .accept)?.array
        let origin = request.bytes(of: .origin)?.array
        #expect(accept == [0xE9])
        #expect(origin == nil)
    }
}
