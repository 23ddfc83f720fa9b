import HTTPTypes
import Testing

@testable import CraneHTTP

@Suite("The response encoder")
struct ResponseEncoderTests {
    private let date = HTTPDate(unixTime: 784_111_777)
    private let dateLine = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

    private struct Encoded {
        var text: String
        var framing: ResponseEncoder.Framing
    }

    private func encode(
        _ response: Response, isHead: Bool = false, minorVersion: UInt8 = 1, keepAlive: Bool = true
    ) -> Encoded {
        let output = OutputBuffer(capacity: 16)
        let framing = ResponseEncoder.encode(
            response, to: output, isHead: isHead, minorVersion: minorVersion, keepAlive: keepAlive, date: date
        )
        return Encoded(text: output.text.replacing(dateLine, with: "DATE\r\n"), framing: framing)
    }

    private static let stream = ResponseBody { _ in }
    private static let longStream = ResponseBody(length: 10) { _ in }

    @Test("writes status line, date, fields, length and body")
    func ordinary() {
        let encoded = encode(
            Response(headers: [.contentType: "text/plain", .server: "x"], body: ResponseBody("Hello")))
        #expect(
            encoded.text
                == "HTTP/1.1 200 OK\r\nDATE\r\nContent-Type: text/plain\r\nServer: x\r\ncontent-length: 5\r\n\r\nHello"
        )
        #expect(encoded.framing == .init(body: .complete, keepAlive: true))
        let bytes = encode(Response(status: .notFound, body: ResponseBody([1, 2, 10])))
        #expect(bytes.text == "HTTP/1.1 404 Not Found\r\nDATE\r\ncontent-length: 3\r\n\r\n\u{1}\u{2}\n")
        #expect(encode(Response()).text == "HTTP/1.1 200 OK\r\nDATE\r\ncontent-length: 0\r\n\r\n")
    }

    @Test("says close when the connection ends")
    func close() {
        let encoded = encode(Response(body: ResponseBody("a")), keepAlive: false)
        #expect(encoded.text == "HTTP/1.1 200 OK\r\nDATE\r\ncontent-length: 1\r\nconnection: close\r\n\r\na")
        #expect(!encoded.framing.keepAlive)
    }

    @Test("says keep-alive to HTTP/1.0 only")
    func keepAlive() {
        let encoded = encode(Response(body: ResponseBody("a")), minorVersion: 0)
        #expect(
            encoded.text == "HTTP/1.1 200 OK\r\nDATE\r\ncontent-length: 1\r\nconnection: keep-alive\r\n\r\na")
        #expect(encoded.framing.keepAlive)
    }

    @Test("writes the length and no body in answer to HEAD")
    func head() {
        let known = encode(Response(body: ResponseBody("Hello")), isHead: true)
        #expect(known.text == "HTTP/1.1 200 OK\r\nDATE\r\ncontent-length: 5\r\n\r\n")
        let stream = encode(Response(body: Self.stream), isHead: true)
        #expect(stream.text == "HTTP/1.1 200 OK\r\nDATE\r\ntransfer-encoding: chunked\r\n\r\n")
        #expect(stream.framing == .init(body: .complete, keepAlive: true))
        let long = encode(Response(body: Self.longStream), isHead: true)
        #expect(long.text == "HTTP/1.1 200 OK\r\nDATE\r\ncontent-length: 10\r\n\r\n")
        #expect(long.framing.body == .complete)
        let old = encode(Response(body: Self.stream), isHead: true, minorVersion: 0)
        #expect(old.text == "HTTP/1.1 200 OK\r\nDATE\r\nconnection: keep-alive\r\n\r\n")
        let stated = encode(Response(headers: [.contentLength: "77"]), isHead: true)
        #expect(stated.text == "HTTP/1.1 200 OK\r\nDATE\r\ncontent-length: 77\r\n\r\n")
    }

    @Test("writes neither length nor body where none may be", arguments: [101, 103, 204, 304])
    func bodiless(_ code: Int) {
        for body in [ResponseBody("Hello"), Self.stream, Self.longStream, .empty] {
            let response = Response(
                status: .init(code: code), headers: [.contentLength: "5", .transferEncoding: "chunked"],
                body: body)
            let encoded = encode(response)
            #expect(encoded.text.hasSuffix("DATE\r\n\r\n"))
            #expect(encoded.framing == .init(body: .complete, keepAlive: true))
        }
    }

    @Test("writes no body and a length of 0 with 205 (RFC 9110, section 15.3.6)", arguments: [false, true])
    func resetContent(isHead: Bool) {
        for body in [ResponseBody("Hello"), Self.stream, Self.longStream, .empty] {
            let response = Response(status: .resetContent, headers: [.contentLength: "5"], body: body)
            let encoded = encode(response, isHead: isHead)
            #expect(encoded.text == "HTTP/1.1 205 Reset Content\r\nDATE\r\ncontent-length: 0\r\n\r\n")
            #expect(encoded.framing == .init(body: .complete, keepAlive: true))
        }
    }

    @Test("frames streams by length, by chunks, or by the end of an HTTP/1.0 connection")
    func streams() {
        let chunked = encode(Response(body: Self.stream))
        #expect(chunked.text == "HTTP/1.1 200 OK\r\nDATE\r\ntransfer-encoding: chunked\r\n\r\n")
        #expect(chunked.framing == .init(body: .chunked, keepAlive: true))
        let length = encode(Response(body: Self.longStream))
        #expect(length.text == "HTTP/1.1 200 OK\r\nDATE\r\ncontent-length: 10\r\n\r\n")
        #expect(length.framing == .init(body: .length(10), keepAlive: true))
        let old = encode(Response(body: Self.stream), minorVersion: 0)
        #expect(old.text == "HTTP/1.1 200 OK\r\nDATE\r\nconnection: close\r\n\r\n")
        #expect(old.framing == .init(body: .untilClose, keepAlive: false))
    }

    @Test("owns the framing fields whatever a handler says")
    func ownFields() {
        var headers = HTTPFields()
        for (name, value) in [
            ("Content-Length", "99"), ("CONTENT-LENGTH", "1"), ("transfer-encoding", "gzip"),
            ("Date", "never"),
            ("Connection", "keep-alive, x-gone"), ("X", "y"),
        ] {
            headers.append(HTTPField(name: HTTPField.Name(name)!, value: value))
        }
        let encoded = encode(Response(headers: headers, body: ResponseBody("Hello")))
        #expect(encoded.text == "HTTP/1.1 200 OK\r\nDATE\r\nX: y\r\ncontent-length: 5\r\n\r\nHello")
        let chunked = encode(Response(headers: headers, body: Self.stream))
        #expect(chunked.text == "HTTP/1.1 200 OK\r\nDATE\r\nX: y\r\ntransfer-encoding: chunked\r\n\r\n")
    }

    @Test("closes the connection when a handler's field asks for it")
    func handlerCloses() {
        let encoded = encode(Response(headers: [.connection: "foo, Close"]))
        #expect(encoded.text == "HTTP/1.1 200 OK\r\nDATE\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        #expect(!encoded.framing.keepAlive)
        #expect(encode(Response(headers: [.connection: "closed"])).framing.keepAlive)
    }

    @Test("leaves the Connection field of a switched protocol alone")
    func upgrade() {
        let response = Response(
            status: .switchingProtocols, headers: [.connection: "upgrade", .upgrade: "websocket"])
        #expect(
            encode(response).text
                == "HTTP/1.1 101 Switching Protocols\r\nDATE\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
    }

    @Test("never lets a value split the response")
    func splitting() {
        for evil in ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\u{0}b", "\r\n\r\n<html>"] {
            var response = Response(headers: [.location: evil])
            response.headers.append(HTTPField(name: .server, value: Array(evil.utf8)))
            response.headers.append(HTTPField(name: .server, lenientValue: Array(evil.utf8)))
            response.status = .init(code: 299, reasonPhrase: evil)
            let text = encode(response).text
            #expect(text.components(of: "\r\n").count == 8)
            #expect(!text.utf8.contains(0))
            #expect(text.utf8.filter { $0 == 13 }.count == 7 && text.utf8.filter { $0 == 10 }.count == 7)
        }
    }

    @Test("writes values byte for byte, whatever their encoding")
    func rawValues() {
        var headers = HTTPFields()
        headers.append(HTTPField(name: .server, value: [0x61, 0xE9, 0x62] as [UInt8]))
        headers.append(HTTPField(name: .vary, value: ""))
        let output = OutputBuffer(capacity: 1)
        ResponseEncoder.encode(
            Response(headers: headers), to: output, isHead: false, minorVersion: 1, keepAlive: true,
            date: date)
        let bytes = unsafe Array(output.bytes)
        #expect(bytes.firstRange(of: latin1("\r\nServer: a\u{E9}b\r\nVary: \r\n")) != nil)
    }

    @Test("writes a status line for registered and other codes")
    func statusLines() {
        for code in 100..<600 {
            let text = encode(Response(status: .init(code: code, reasonPhrase: "Phrase"))).text
            #expect(text.hasPrefix("HTTP/1.1 \(code) "))
        }
        #expect(encode(Response(status: 299)).text.hasPrefix("HTTP/1.1 299 \r\n"))
        #expect(encode(Response(status: 7)).text.hasPrefix("HTTP/1.1 007 \r\n"))
        #expect(
            encode(Response(status: .init(code: 299, reasonPhrase: "Fine"))).text.hasPrefix(
                "HTTP/1.1 299 Fine\r\n"))
        #expect(
            encode(Response(status: .init(code: 299, reasonPhrase: "\u{E9}"))).text.hasPrefix(
                "HTTP/1.1 299 \r\n"))
        #expect(
            encode(Response(status: .tooManyRequests)).text.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
    }

    @Test("writes chunks, trailers and 100 Continue")
    func chunks() {
        let output = OutputBuffer()
        ResponseEncoder.chunk(Array("Hello".utf8), to: output)
        ResponseEncoder.chunk([], to: output)
        ResponseEncoder.chunk(Array(repeating: 0x61, count: 31), to: output)
        ResponseEncoder.lastChunk(
            trailers: [.eTag: "\"v\"", .contentLength: "4", .setCookie: "a"], to: output)
        let letters = String(repeating: "a", count: 31)
        #expect(output.text == "5\r\nHello\r\n1f\r\n\(letters)\r\n0\r\nETag: \"v\"\r\n\r\n")
        output.removeAll()
        ResponseEncoder.lastChunk(trailers: [:], to: output)
        ResponseEncoder.continue100(to: output)
        #expect(output.text == "0\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test("writes chunks that the decoder reads back")
    func roundTrip() {
        let output = OutputBuffer()
        var sent: [UInt8] = []
        for size in [1, 9, 10, 15, 16, 17, 255, 256, 4095, 4096, 70000] {
            let part = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            ResponseEncoder.chunk(part, to: output)
            sent += part
        }
        ResponseEncoder.lastChunk(trailers: [.eTag: "x"], to: output)
        let bytes = unsafe Array(output.bytes)
        #expect(decode([bytes[...]]) == .complete(body: sent, trailers: ["ETag: x"], length: bytes.count))
    }
}

extension OutputBuffer {
    var text: String { unsafe String(decoding: bytes, as: UTF8.self) }
}

extension String {
    func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
