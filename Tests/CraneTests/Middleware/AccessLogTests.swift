import Testing

@testable import Crane

@Suite("The access log")
struct AccessLogTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The line that a request leaves, without its time stamp and with its duration as `S`.
    private func line(
        _ call: Call, format: LogSink.Format = .text, status: HTTPResponse.Status = .ok,
        body: ResponseBody = ResponseBody("Hello"), client: some ResponseWriter = Reader(),
        begins: Bool = true
    ) async throws -> String {
        let sink = try LogSink(path: "\(scratch.path)/log", format: format)
        var app = App()
        app.middleware = [AccessLog(sink)]
        app.get("/{rest:path}") { _, _ in Response(status: status, body: body) }
        let response = try await app.build().answer(call)
        if begins, case .stream(_, _, let write) = response.body.storage { try? await write(client) }
        await response.afterSend?()
        sink.close()
        let lines = try scratch.lines("log")
        #expect(lines.count == 1)
        return Self.withoutTimes(lines.first ?? "")
    }

    /// A client that takes all it is given, or nothing.
    private final class Reader: ResponseWriter {
        let isGone: Bool

        init(isGone: Bool = false) { self.isGone = isGone }

        func write(_ bytes: [UInt8]) async throws { if isGone { throw CancellationError() } }
        func setTrailers(_ trailers: HTTPFields) {}
    }

    @Test("a stream has its line when it has ended, with what it has written")
    func streamed() async throws {
        let stream = ResponseBody { writer in
            try await writer.write("abc")
            try await writer.write("de")
        }
        let text = try await line(Call("GET", "/"), body: stream)
        #expect(text == "T 192.0.2.7:4711 - GET - / - 200 completed after S")
        let json = try await AccessLogTests().line(Call("GET", "/"), format: .json, body: stream)
        #expect(json.contains(#""status":200,"bytes":5,"seconds":S,"#))
        #expect(!json.contains("aborted"))
    }

    @Test("what has no body, though a stream was given, has its line at once", arguments: ["HEAD", "GET"])
    func notStreamed(method: String) async throws {
        let text = try await line(
            Call(method, "/"), status: method == "HEAD" ? .ok : .resetContent, body: ResponseBody { _ in },
            begins: false)
        #expect(
            text == "T 192.0.2.7:4711 - \(method) - / - \(method == "HEAD" ? 200 : 205) completed after S")
    }

    private struct Broken: Error {}

    @Test(
        "a stream that was cut says so: its producer failed, its client has gone, it was too short, or it never began",
        arguments: [
            (ResponseBody { _ in throw Broken() }, true, true),
            (ResponseBody { writer in try? await writer.write("abc") }, false, true),
            (ResponseBody(length: 4) { writer in try await writer.write("abc") }, true, true),
            (ResponseBody { writer in try await writer.write("abc") }, true, false),
        ])
    func aborted(body: ResponseBody, reads: Bool, begins: Bool) async throws {
        for (format, end) in [
            (LogSink.Format.text, " - 200 aborted after S"), (.json, #""referer":null,"aborted":true}"#),
        ] {
            let text = try await AccessLogTests().line(
                Call("GET", "/"), format: format, body: body, client: Reader(isGone: !reads), begins: begins)
            #expect(text.hasSuffix(end))
        }
    }

    private static func withoutTimes(_ line: String) -> String {
        line.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, with: "T")
            .replacing(/after \d+\.\d{6}s/, with: "after S").replacing(
                /"seconds":\d+\.\d{6}/, with: "\"seconds\":S"
            )
            .replacing(/"request_id":"[0-9a-f]{16}"/, with: "\"request_id\":\"R\"")
    }

    @Test(
        "text is the talk's line behind a time stamp",
        arguments: [
            (Call("GET", "/comments/?x=1"), "T 192.0.2.7:4711 - GET - /comments/ - 200 completed after S"),
            (Call("DELETE", "/x"), "T 192.0.2.7:4711 - DELETE - /x - 405 completed after S"),
            (Call("GET", "/a%0A%22b"), "T 192.0.2.7:4711 - GET - /a%0A%22b - 200 completed after S"),
        ])
    func text(call: Call, expected: String) async throws {
        #expect(try await line(call) == expected)
    }

    @Test(
        "has a line for what the server refused itself, harmless whatever was sent",
        arguments: [LogSink.Format.text, .json])
    func refused(format: LogSink.Format) throws {
        let sink = try LogSink(path: "\(scratch.path)/log", format: format)
        var app = App()
        app.middleware = [AccessLog(sink)]
        let responder = app.build()
        let call = Call("GET", "/a\"b")
        responder.requestWasRefused(try call.request(), from: call.peer, status: 431)
        responder.requestWasRefused(nil, from: .unixSocket, status: 503)
        sink.close()
        let lines = try scratch.lines("log").map { Self.withoutTimes($0) }
        switch format {
        case .text:
            #expect(
                lines == [
                    "T 192.0.2.7:4711 - GET - /a\\x22b - 431 refused", "T unknown - - - - - 503 refused",
                ])
        case .json:
            let rest =
                "\"bytes\":null,\"seconds\":0,\"request_id\":null,\"user_agent\":null,\"referer\":null}"
            #expect(
                lines == [
                    "{\"time\":\"T\",\"client\":\"192.0.2.7:4711\",\"method\":\"GET\",\"path\":\"/a\\\"b\","
                        + "\"route\":null,\"status\":431," + rest,
                    "{\"time\":\"T\",\"client\":\"unknown\",\"method\":\"-\",\"path\":\"-\","
                        + "\"route\":null,\"status\":503," + rest,
                ])
        }
    }

    @Test("IPv6 clients stand in brackets, Unix sockets are unknown")
    func peers() async throws {
        var call = Call("GET", "/")
        call.peer = PeerAddress(ip: IPAddress("2001:db8::5"), port: 80)
        #expect(try await line(call) == "T [2001:db8::5]:80 - GET - / - 200 completed after S")
        let other = try AccessLogTests()
        call.peer = .unixSocket
        #expect(try await other.line(call) == "T unknown - GET - / - 200 completed after S")
    }

    @Test("the client is the one behind the proxy")
    func proxied() async throws {
        var call = Call("GET", "/", ("x-forwarded-for", "203.0.113.9"))
        call.peer = PeerAddress(ip: IPAddress("127.0.0.1"), port: 1)
        #expect(try await line(call) == "T 203.0.113.9:0 - GET - / - 200 completed after S")
    }

    @Test("JSON has every field")
    func json() async throws {
        let call = Call("GET", "/a?b", ("user-agent", #"Mozilla "5"\é"#), ("referer", "http://a.b/c\td"))
        let expected =
            #"{"time":"T","client":"192.0.2.7:4711","method":"GET","path":"/a","route":"/{rest:path}","status":418,"#
            + #""bytes":5,"seconds":S,"request_id":"R","user_agent":"Mozilla \"5\"\\é","#
            + #""referer":"http://a.b/c\u0009d"}"#
        #expect(try await line(call, format: .json, status: .init(code: 418)) == expected)
    }

    @Test("what JSON does not know is null")
    func jsonNulls() async throws {
        let body = ResponseBody { _ in }
        let expected =
            #"{"time":"T","client":"192.0.2.7:4711","method":"HEAD","path":"/a","route":"/{rest:path}","status":200,"#
            + #""bytes":null,"seconds":S,"request_id":"R","user_agent":null,"referer":null}"#
        #expect(try await line(Call("HEAD", "/a"), format: .json, body: body) == expected)
    }

    @Test("a long path is cut, and the line stays whole")
    func longPath() async throws {
        let path = "/" + String(repeating: "a", count: 5000)
        let text = try await line(Call("GET", path))
        #expect(text == "T 192.0.2.7:4711 - GET - \(path.prefix(1024)) - 200 completed after S")
        let other = try AccessLogTests()
        let agent = String(repeating: "\"", count: 3000)
        let json = try await other.line(Call("GET", path, ("user-agent", agent)), format: .json)
        #expect(json.hasSuffix(String(repeating: #"\""#, count: 1024) + #"","referer":null}"#))
    }

    @Test(
        "time stamps are UTC to the millisecond",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_007, "2024-02-29T23:59:59.007Z"),
            (1_767_225_599_050, "2025-12-31T23:59:59.050Z"), (1_795_343_266_435, "2026-11-22T10:27:46.435Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] as [(UInt64, String)])
    func timeStamps(milliseconds: UInt64, expected: String) throws {
        let sink = try LogSink(path: "\(scratch.path)/log")
        LogLine.append(to: sink, room: 64) { $0.append(time: milliseconds * 1_000_000) }
        sink.close()
        #expect(try scratch.lines("log") == [expected])
    }

    @Test(
        "bytes that could break a line are escaped",
        arguments: [
            ([0x61, 0x0A, 0x22, 0x5C, 0x7F, 0x62], #"a\x0a\x22\x5c\x7fb"#, #"a\u000a\"\\\u007fb"#),
            ([0xC3, 0xA9], #"\xc3\xa9"#, "é"), ([0xFF], #"\xff"#, "\u{FFFD}"),
            ([0xC2, 0x85, 0xE2, 0x80, 0xA8], #"\xc2\x85\xe2\x80\xa8"#, #"\u0085\u2028"#), ([], "", ""),
        ] as [([UInt8], String, String)])
    func escapes(bytes: [UInt8], text: String, json: String) throws {
        let sink = try LogSink(path: "\(scratch.path)/log")
        for escape in [LogLine.Escape.text, .json] {
            LogLine.append(to: sink, room: 64) { line in
                line.append("-")
                line.append(bytes.span, escape: escape)
            }
        }
        sink.close()
        #expect(try scratch.lines("log") == ["-" + text, "-" + json])
    }
}
