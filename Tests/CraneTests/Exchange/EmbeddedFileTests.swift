import Crane
import CraneTesting
import Testing

@Suite("Files of the program")
struct EmbeddedFileTests {
    private static let style = String(repeating: "b { color: red }\n", count: 50)

    private func app(_ style: String = style) -> App {
        let files = EmbeddedFiles([
            EmbeddedFile("board.css", Array(style.utf8)), EmbeddedFile("dot.svg", Array("<svg/>".utf8)),
        ])
        var app = App(rootPath: "/api")
        app.files(files)
        app.get("/") { _, context in
            .text(
                files.address(of: "board.css", in: context) + " " + files.address(of: "dot.svg", in: context))
        }
        return app
    }

    private func addresses(_ app: App) async throws -> [String] {
        try await TestClient(app).get("/").text.split(separator: " ").map { String($0) }
    }

    @Test("have addresses that a browser keeps for ever, and others when they change")
    func addresses() async throws {
        let addresses = try await addresses(app())
        #expect(
            addresses.allSatisfy { $0.contains(/^\/api\/static\/[0-9a-f]{8,16}\/[a-z.]+$/) }, "\(addresses)")
        #expect(try await self.addresses(app()) == addresses)
        #expect(try await self.addresses(app("i { }")) != addresses)
        let answer = try await TestClient(app()).get(addresses[0])
        #expect(answer.text == Self.style && answer.headers[.contentType] == "text/css; charset=utf-8")
        #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(
            answer.headers[.vary] == "Accept-Encoding" && answer.headers[.xContentTypeOptions] == "nosniff")
    }

    @Test("of another program are not kept")
    func others() async throws {
        let client = TestClient(app())
        let answer = try await client.get("/static/0000/board.css")
        #expect(answer.text == Self.style && answer.headers[.cacheControl] == "no-cache")
        #expect(try await client.get("/static/0000/none.css").status == .notFound)
        #expect(try await client.get("/static/0000/..%2Fboard.css").status == .notFound)
        #expect(try await client.get("/static/board.css").status == .notFound)
    }

    @Test(
        "are compressed for those who take it",
        arguments: [
            ("gzip", true), ("br, gzip;q=0.5", true), ("*", true), ("GZIP", true),
            ("identity;q=1, x-gzip", true),
            ("gzip;q=0", false), ("*;q=0", false), ("gzip;q=0, *", false), ("br", false), ("", false),
            ("gzipped", false),
        ])
    func compressed(accepted: String, isCompressed: Bool) async throws {
        let client = TestClient(app())
        let answer = try await client.get("/static/0000/board.css", headers: [.acceptEncoding: accepted])
        #expect((answer.headers[.contentEncoding] == "gzip") == isCompressed)
        #expect(answer.body.starts(with: [0x1F, 0x8B]) == isCompressed)
        #expect((answer.body.count < 200) == isCompressed)
        // One that would not be shorter is sent as it is.
        let dot = try await client.get("/static/0000/dot.svg", headers: [.acceptEncoding: "gzip"])
        #expect(dot.text == "<svg/>" && dot.headers[.contentEncoding] == nil)
    }

    @Test("have a tag each coding of its own")
    func tags() async throws {
        let client = TestClient(app())
        let plain = try await client.get("/static/0000/board.css")
        let tag = try #require(plain.headers[.eTag])
        let coded = try await client.get("/static/0000/board.css", headers: [.acceptEncoding: "gzip"])
        #expect(coded.headers[.eTag] != tag)
        let again = try await client.get("/static/0000/board.css", headers: [.ifNoneMatch: tag])
        #expect(again.status == .notModified && again.body.isEmpty && again.headers[.eTag] == tag)
        #expect(
            try await client.get("/static/0000/board.css", headers: [.ifMatch: "\"x\""]).status
                == .preconditionFailed)
        #expect(try await client.head("/static/0000/board.css").body.isEmpty)
    }
}
