import CraneHTTP
import CraneTesting
import HTTPTypes
import Testing

@testable import Crane

@Suite("Compressed responses")
struct CompressionTests {
    private static let text = String(repeating: "Everybody hears of every change, once. ", count: 100)

    private func app(_ compression: Compression = Compression()) -> App {
        var app = App.quiet
        app.middleware = [compression]
        app.get("/text") { _, _ in .text(Self.text) }
        app.get("/short") { _, _ in .text("short") }
        app.get("/long") { _, _ in .text(String(repeating: Self.text, count: 200)) }
        app.get("/picture") { _, _ in
            Response(headers: [.contentType: "image/png"], body: ResponseBody(Self.text))
        }
        app.get("/tagged") { _, _ in
            var response = Response.text(Self.text)
            response.headers[.eTag] = "\"v1\""
            response.headers[.vary] = "Origin"
            response.headers[.acceptRanges] = "bytes"
            return response
        }
        return app
    }

    private func plain(_ bytes: [UInt8], _ format: DeflateFormat = .gzip()) throws -> String {
        let stream = InflateStream(format)
        let output = OutputBuffer()
        var position = 0
        var outcome = InflateStream.Outcome.more
        while outcome == .more {
            let before = (position, output.count)
            outcome = unsafe bytes.withUnsafeBytes { bytes in
                unsafe stream.inflate(bytes, from: &position, room: 64 << 10, to: output)
            }
            try #require(outcome != .more || (position, output.count) != before, "it ends before its end")
        }
        // zlib has looked at the checksum.
        #expect(outcome == .end && position == bytes.count)
        return unsafe String(decoding: output.bytes, as: UTF8.self)
    }

    @Test(
        "a short body is compressed at once, with its length",
        arguments: [
            ("gzip", "gzip", DeflateFormat.gzip()), ("deflate", "deflate", .zlib()),
            ("br, gzip;q=0.9, deflate;q=1", "deflate", .zlib()),
        ])
    func short(_ accepted: String, _ coding: String, _ format: DeflateFormat) async throws {
        let answer = try await app().answer("GET", "/text", [("accept-encoding", accepted)])
        #expect(answer.headers[.contentEncoding] == coding)
        #expect(answer.headers[.vary] == "Accept-Encoding")
        #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
        let length = try #require(answer.body.length)
        #expect(length < 200)
        #expect(try plain(try await answer.collected(), format) == Self.text)
    }

    @Test("a long body is compressed while it is sent, and its length is not known before")
    func long() async throws {
        let answer = try await app().answer("GET", "/long", [("accept-encoding", "gzip")])
        #expect(answer.body.length == nil)
        #expect(answer.headers[.contentEncoding] == "gzip")
        #expect(try plain(try await answer.collected()) == String(repeating: Self.text, count: 200))
    }

    @Test("what a client does not take, a short body, another type, and what is coded already are left alone")
    func leftAlone() async throws {
        var app = app()
        app.get("/coded") { _, _ in
            var response = Response.text(Self.text)
            response.headers[.contentEncoding] = "br"
            return response
        }
        app.get("/untouched") { _, _ in
            var response = Response.text(Self.text)
            response.headers[.cacheControl] = "private, No-Transform"
            return response
        }
        app.get("/part") { _, _ in
            var response = Response.text(Self.text, status: .partialContent)
            response.headers[.contentRange] = "bytes 0-3899/10000"
            return response
        }
        app.get("/digest") { _, _ in
            var response = Response.text(Self.text)
            response.headers[HTTPField.Name("Content-Digest")!] = "sha-256=:AA==:"
            return response
        }
        app.get("/noise") { _, _ in
            var generator = SystemRandomNumberGenerator()
            return Response(
                headers: [.contentType: "text/plain"],
                body: ResponseBody((0..<2000).map { _ in UInt8.random(in: 0...255, using: &generator) }))
        }
        for path in ["/short", "/picture", "/part", "/untouched", "/digest"] {
            let answer = try await app.answer("GET", path, [("accept-encoding", "gzip")])
            #expect(answer.headers[.contentEncoding] == nil, "\(path)")
            #expect(answer.headers[.vary] == nil, "\(path)")
        }
        #expect(
            try await app.answer("GET", "/coded", [("accept-encoding", "gzip")]).headers[.contentEncoding]
                == "br")
        // Compressed it would be longer.
        let noise = try await app.answer("GET", "/noise", [("accept-encoding", "gzip")])
        #expect(noise.headers[.contentEncoding] == nil && noise.headers[.vary] == "Accept-Encoding")
        for accepted in ["", "identity", "gzip;q=0", "br"] {
            let answer = try await app.answer("GET", "/text", [("accept-encoding", accepted)])
            #expect(answer.headers[.contentEncoding] == nil)
            #expect(answer.headers[.vary] == "Accept-Encoding")
            #expect(answer.text == Self.text)
        }
    }

    @Test("an entity tag becomes weak, and a client that comes back with it is told the same")
    func tags() async throws {
        let answer = try await app().answer("GET", "/tagged", [("accept-encoding", "gzip")])
        #expect(answer.headers[.eTag] == "W/\"v1\"")
        #expect(answer.headers[.vary] == "Origin, Accept-Encoding")
        #expect(answer.headers[.acceptRanges] == nil)
        var app = App.quiet
        app.middleware = [Compression()]
        app.get("/page") { HTML(Self.text, hasTag: true) }
        let first = try await app.answer("GET", "/page", [("accept-encoding", "gzip")])
        let tag = try #require(first.headers[.eTag])
        let second = try await app.answer(
            "GET", "/page", [("accept-encoding", "gzip"), ("if-none-match", tag)])
        #expect(second.status == .notModified && second.headers[.eTag] == tag)
        let plain = try await app.answer("GET", "/page", [("if-none-match", String(tag.dropFirst(2)))])
        #expect(plain.status == .notModified && plain.headers[.eTag] == String(tag.dropFirst(2)))
    }

    @Test("HEAD has the fields of GET and no body is made")
    func head() async throws {
        let answer = try await app().answer("HEAD", "/text", [("accept-encoding", "gzip")])
        #expect(answer.headers[.contentEncoding] == "gzip")
        #expect(answer.body.length == nil)
        #expect(try await answer.collected().isEmpty)
    }

    @Test("what is written to a stream can be read at once")
    func flushing() async throws {
        var app = app()
        app.get("/rows") {
            StreamingResponse("text/csv") { writer in
                for row in 1...3 { try await writer.write("row \(row)\n") }
            }
        }
        let answer = try await app.answer("GET", "/rows", [("accept-encoding", "gzip")])
        let client = Pieces()
        try await answer.body.write(to: client)
        #expect(client.all.count == 4)
        #expect(try plain(client.all.flatMap(\.self)) == "row 1\nrow 2\nrow 3\n")
        // All of the first row is in the first piece.
        let stream = InflateStream(.gzip())
        let output = OutputBuffer()
        var position = 0
        let first = try #require(client.all.first)
        let outcome = unsafe first.withUnsafeBytes { bytes in
            unsafe stream.inflate(bytes, from: &position, room: 4096, to: output)
        }
        #expect(outcome == .more)
        #expect(unsafe String(decoding: output.bytes, as: UTF8.self) == "row 1\n")
    }

    @Test("event streams are compressed only where their type is named, and then flushed")
    func eventStreams() async throws {
        for types in [Compression.usualTypes, ["text/event-stream"]] {
            var app = app(Compression(types: types))
            app.get("/events") {
                StreamingResponse(ServerSentEvent.mediaType) { try await $0.write("data: 1\n\n") }
            }
            let answer = try await app.answer("GET", "/events", [("accept-encoding", "gzip")])
            #expect(answer.headers[.contentEncoding] == (types.count == 1 ? "gzip" : nil))
        }
    }

    @Test("types are named whole, by their beginning, or by their end")
    func types() async throws {
        var app = app(Compression(types: ["application/json", "*+xml"]))
        app.get("/json") { _, _ in .json("\"\(Self.text)\"") }
        app.get("/atom") { _, _ in
            Response(headers: [.contentType: "Application/Atom+XML; x=1"], body: ResponseBody(Self.text))
        }
        for (path, coding) in [("/json", "gzip"), ("/atom", "gzip"), ("/text", nil)] {
            let answer = try await app.answer("GET", path, [("accept-encoding", "gzip")])
            #expect(answer.headers[.contentEncoding] == coding, "\(path)")
        }
    }

    @Test("where no worker is free, the loop compresses")
    func busyWorkers() async throws {
        let text = String(repeating: Self.text, count: 200)
        let client = Collected()
        let deflater = Deflater.take(.gzip(bits: 13), level: 4)
        let writer = CompressingWriter(client, deflater, BusyLoop(), flushes: false)
        try await writer.write(text)
        try await writer.end()
        #expect(try plain(client.all) == text)
    }

    @Test("over a socket it arrives whole, long or short, and errors too")
    func wire() async throws {
        var app = app()
        app.get("/refused") { () -> Int in throw HTTPError(.conflict, Self.text) }
        try await TestClient.live(app) { (client) async throws in
            let long = try await client.get("/long", headers: [.acceptEncoding: "gzip"])
            #expect(long.headers[.transferEncoding] == "chunked")
            #expect(try plain(long.body) == String(repeating: Self.text, count: 200))
            let short = try await client.get("/text", headers: [.acceptEncoding: "gzip"])
            #expect(short.headers[.contentLength] == "\(short.body.count)")
            #expect(try plain(short.body) == Self.text)
            let refused = try await client.get("/refused", headers: [.acceptEncoding: "gzip"])
            #expect(refused.status == .conflict && refused.headers[.contentEncoding] == "gzip")
            let head = try await client.head("/text", headers: [.acceptEncoding: "gzip"])
            #expect(head.headers[.contentEncoding] == "gzip" && head.body.isEmpty)
        }
    }

    /// A client that keeps what is written to it apart.
    private final class Pieces: ResponseWriter, @unchecked Sendable {
        var all: [[UInt8]] = []
        func write(_ bytes: [UInt8]) async throws { all.append(bytes) }
        func setTrailers(_ trailers: HTTPFields) {}
    }
}

/// A loop whose worker threads all have something to do.
private final class BusyLoop: LoopServices {
    let index = 0
    let isDraining = false
    func sleep(for duration: Duration) async throws { await Task.yield() }
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        throw WorkersBusy()
    }
    func spawn(_ work: @escaping @Sendable () async -> Void) {}
    func untilDraining() async throws { throw CancellationError() }
}
