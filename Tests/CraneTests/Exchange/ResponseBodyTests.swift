import CraneHTTP
import HTTPTypes
import Testing

@testable import Crane

@Suite("Bodies of responses, read and changed")
struct ResponseBodyTests {
    private struct Broken: Error {}

    private let stream = ResponseBody { writer in
        try await writer.write("one ")
        try await writer.write("two")
    }

    /// The body as text.
    private func text(_ body: ResponseBody) async throws -> String {
        String(decoding: try await body.collected(), as: UTF8.self)
    }

    @Test("all of it can be read, up to a bound")
    func collected() async throws {
        #expect(try await text(ResponseBody("text")) == "text")
        #expect(try await text(ResponseBody([104, 105])) == "hi")
        #expect(try await text(stream) == "one two")
        #expect(try await stream.collected(upTo: 7).count == 7)
        for body in [stream, ResponseBody("one two"), ResponseBody(length: 7) { _ in }] {
            await #expect(throws: ResponseBodyError.tooLarge) { try await body.collected(upTo: 6) }
        }
        await #expect(throws: Broken.self) { try await ResponseBody { _ in throw Broken() }.collected() }
        let upgrade = Response.handOver(headers: [:]) { _ in }.body
        await #expect(throws: ResponseBodyError.handedOver) { try await upgrade.collected() }
    }

    @Test("each piece can be changed, those of a stream as they are written")
    func mapped() async throws {
        let shout = { @Sendable (piece: [UInt8]) in piece.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 } }
        let bytes = ResponseBody("text").mapped(shout)
        #expect(bytes.length == 4)
        #expect(try await text(bytes) == "TEXT")
        #expect(try await text(stream.mapped(shout)) == "ONE TWO")
        #expect(throws: Broken.self) { try ResponseBody("x").mapped { _ in throw Broken() } }
    }

    @Test("a writer of one's own sees all pieces, and the end")
    func wrapped() async throws {
        let counted = stream.mapped {
            Counting($0)
        } end: {
            try await $0.write("!")
        }
        #expect(counted.length == nil)
        #expect(try await text(counted) == "4:one 3:two1:!")
        #expect(try await text(ResponseBody("abc").mapped { Counting($0) }) == "3:abc")
    }

    @Test("a middleware changes the bodies of all responses")
    func middleware() async throws {
        struct Shout: SynchronousMiddleware {
            func leave(_ request: Request, _ context: Context, _ response: inout Response) {
                response.body = response.body.mapped { $0 + [33] }
            }
        }
        var app = App.quiet
        app.middleware = [Shout()]
        app.get("/") { _, _ in .text("hey") }
        #expect(try await app.answer("GET", "/").line == "200 hey!")
    }

    private final class Counting: ResponseWriter {
        let next: any ResponseWriter
        init(_ next: any ResponseWriter) { self.next = next }
        func write(_ bytes: [UInt8]) async throws {
            try await next.write("\(bytes.count):")
            try await next.write(bytes)
        }
        func setTrailers(_ trailers: HTTPFields) { next.setTrailers(trailers) }
    }
}
