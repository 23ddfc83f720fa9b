import CraneHTTP
import CraneTesting
import HTTPTypes
import Testing

@testable import Crane

@Suite("Compressed requests")
struct RequestDecompressionTests {
    private func app(upTo limit: Int = 1 << 20, ratio: Int = 100) -> App {
        var app = App.quiet
        app.middleware = [RequestDecompression(upTo: limit, ratio: ratio)]
        app.post("/numbers", Body([Int].self)) { $0 }
        app.post("/raw") { request, _ in
            var count = 0
            for try await part in request.body { count += part.count }
            return .text("\(count)")
        }
        return app
    }

    private let numbers = Array("[1,2,3]".utf8)

    private func coded(_ bytes: [UInt8], _ coding: ContentCoding = .gzip) throws -> [UInt8] {
        try #require(coding.compress(bytes, level: 9))
    }

    private func answer(_ app: App, _ path: String, _ coding: String, _ body: [UInt8]) async throws -> String
    {
        try await app.answer("POST", path, [("content-encoding", coding)], body: body).line
    }

    @Test("a body is read as it was before, whatever the coding")
    func inflated() async throws {
        let app = app()
        #expect(try await answer(app, "/numbers", "gzip", try coded(numbers)) == "200 [1,2,3]")
        #expect(try await answer(app, "/numbers", " X-GZip ", try coded(numbers)) == "200 [1,2,3]")
        #expect(try await answer(app, "/numbers", "deflate", try coded(numbers, .deflate)) == "200 [1,2,3]")
        #expect(try await answer(app, "/numbers", "identity", numbers) == "200 [1,2,3]")
        // Two members one after the other are one file.
        let halves = try coded(Array("[1,".utf8)) + coded(Array("2]".utf8))
        #expect(try await answer(app, "/numbers", "gzip", halves) == "200 [1,2]")
        #expect(try await answer(app, "/raw", "gzip", []) == "200 0")
    }

    @Test(
        "a coding that is not known, or more than one, is 415 and tells what is",
        arguments: [
            "br", "zstd", "gzip, gzip", "gzip;q=1", "compress", "\u{1F600}",
        ])
    func unknown(_ coding: String) async throws {
        let answer = try await app().answer(
            "POST", "/numbers", [("content-encoding", coding)], body: try coded(numbers))
        #expect(answer.status == .unsupportedMediaType)
        #expect(answer.headers[.acceptEncoding] == "gzip, deflate")
    }

    @Test("what cannot be inflated, ends too soon, or goes on behind its end is 400")
    func broken() async throws {
        let app = app()
        let whole = try coded(numbers)
        var wrongSum = whole
        wrongSum[whole.count - 5] ^= 1
        let bodies = [
            numbers, Array(whole.dropLast()), whole + [0], whole + Array("garbage".utf8), wrongSum,
            Array(whole.prefix(10)), [0x1F],
        ]
        for body in bodies {
            #expect(
                try await answer(app, "/numbers", "gzip", body)
                    == #"400 {"detail":"There was an error parsing the body"}"#)
        }
        #expect(
            try await answer(app, "/numbers", "deflate", try coded(numbers, .deflate) + [0])
                == #"400 {"detail":"There was an error parsing the body"}"#)
        // Raw data is not what `deflate` means (RFC 9110, section 8.4.1.2).
        #expect(try await answer(app, "/numbers", "deflate", whole).hasPrefix("400"))
    }

    @Test("a few bytes that stand for very many are 413, soon")
    func bomb() async throws {
        let bomb = try coded([UInt8](repeating: 0, count: 32 << 20))
        #expect(bomb.count < 64 << 10)
        // By its ratio, by the bound, and by what the input takes.
        #expect(try await answer(app(upTo: .max), "/raw", "gzip", bomb).hasPrefix("413"))
        #expect(try await answer(app(ratio: .max), "/raw", "gzip", bomb).hasPrefix("413"))
        #expect(try await answer(app(upTo: .max, ratio: .max), "/numbers", "gzip", bomb).hasPrefix("413"))
        #expect(
            try await answer(app(upTo: .max, ratio: .max), "/raw", "gzip", bomb) == "200 \(32 << 20)")
        // One in the other is inflated once, as it says.
        let nested = try coded(bomb)
        #expect(try await answer(app(), "/numbers", "gzip", nested).hasPrefix("4"))
        // Up to 64 KiB nobody asks how few bytes came.
        let short = try coded([UInt8](repeating: 0x20, count: 60_000))
        #expect(try await answer(app(), "/raw", "gzip", short) == "200 60000")
    }

    @Test("a body that arrives in pieces is inflated in pieces, of any length")
    func pieces() async throws {
        let text = (0..<50_000).map { "\($0)," }.joined()
        let bytes = try coded(Array(text.utf8))
        for length in [1, 7, 1000] {
            let source = InflatingSource(
                RequestBody(source: Parts(bytes, length: length)),
                ConnectionInfo(peer: .unixSocket, loop: InProcessLoop()), isGzip: true, limit: 1 << 20,
                ratio: 100)
            var all: [UInt8] = []
            while let part = try await source.next() {
                #expect(part.count <= 64 << 10)
                all += part
            }
            #expect(String(decoding: all, as: UTF8.self) == text)
            #expect(try await source.next() == nil)
        }
    }

    @Test("over a socket too, and without the middleware nothing is touched")
    func wire() async throws {
        let body = try coded(numbers)
        var plain = App.quiet
        plain.post("/raw") { request, _ in .text("\(try await request.body.collect().count)") }
        try await TestClient.live(app()) { (client) async throws in
            var request = TestRequest(.post, "/numbers", headers: [.contentEncoding: "gzip"])
            request.body = body
            #expect(try await client.send(request).text == "[1,2,3]")
        }
        #expect(try await answer(plain, "/raw", "gzip", body) == "200 \(body.count)")
    }
}
