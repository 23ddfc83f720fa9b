import CraneHTTP
import CraneTesting
import Foundation
import HTTPTypes
import Testing

@testable import Crane

@Suite("Bodies and uploads, kept on the disk")
struct SavedFileTests {
    private struct Broken: Error {}

    private func upload(_ text: String, to app: App) async throws -> Response {
        var body =
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../client.txt\"\r\n\r\n"
        body += text + "\r\n--x--\r\n"
        return try await app.answer(
            "POST", "/", [("content-type", "multipart/form-data; boundary=x")], body: Array(body.utf8))
    }

    private func app(_ path: String, replaces: Bool = true) -> App {
        var app = App.quiet
        app.post("/", Upload("file", upTo: 8 << 20)) { file in
            try await file.save(to: path, replaces: replaces)
            return "\(file.isOnDisk) \(try await file.bytes(0..<2).count)"
        }
        app.put("/raw", BodyStream("text/plain", upTo: 2 << 20), ContextInput()) { body, context in
            try await body.save(to: path, on: context, replaces: replaces)
        }
        return app
    }

    @Test("a short file and a long one are put where they shall be, whole, and nothing else is left")
    func saved() async throws {
        let folder = try Folder()
        let long = String(repeating: "0123456789", count: 300_000)
        for (text, isOnDisk) in [("short", false), (long, true)] {
            let answer = try await upload(text, to: app("\(folder.path)/kept.txt"))
            #expect(answer.line == "200 \"\(isOnDisk) 2\"")
            #expect(try folder.text("kept.txt") == text)
        }
        #expect(try folder.names == ["kept.txt"])
        let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/kept.txt")[
            .posixPermissions]
        #expect(mode as? Int == 0o644)
    }

    @Test("a file that is there is replaced only where that is meant")
    func replacing() async throws {
        let folder = try Folder(["kept.txt": "before"])
        let long = String(repeating: "0123456789", count: 300_000)
        for text in ["short", long] {
            let refused = try await upload(text, to: app("\(folder.path)/kept.txt", replaces: false))
            #expect(refused.status == .internalServerError)
            #expect(try folder.text("kept.txt") == "before")
        }
        #expect(try folder.names == ["kept.txt"])
        #expect(try await upload(long, to: app("\(folder.path)/new.txt", replaces: false)).status == .ok)
        #expect(try await upload(long, to: app("\(folder.path)/none/new.txt")).status == .internalServerError)
        #expect(try await upload("x", to: app("\(folder.path)/a\0b")).status == .internalServerError)
    }

    @Test("a long file that is saved twice is two files")
    func twice() async throws {
        let folder = try Folder()
        let text = String(repeating: "0123456789", count: 300_000)
        var app = App.quiet
        let path = folder.path
        app.post("/", Upload("file", upTo: 8 << 20)) { file in
            try await file.save(to: "\(path)/one")
            try await file.save(to: "\(path)/two")
        }
        #expect(try await upload(text, to: app).status == .noContent)
        let handle = try #require(FileHandle(forUpdatingAtPath: "\(folder.path)/one"))
        try handle.write(contentsOf: Data("other".utf8))
        try handle.close()
        #expect(try folder.text("two") == text)
    }

    @Test("a body is put on the disk as it comes")
    func streamed() async throws {
        let folder = try Folder()
        let responder = app("\(folder.path)/raw.txt").build()
        let text = String(repeating: "0123456789", count: 100_000)
        let request = try Call("PUT", "/raw").request()
        request.body = RequestBody(source: Parts(Array(text.utf8), length: 60_000))
        #expect(await responder.response(to: request).line == "200 1000000")
        #expect(try folder.text("raw.txt") == text)
    }

    @Test("a body that is too long, or breaks off, leaves nothing and changes nothing")
    func broken() async throws {
        let folder = try Folder(["raw.txt": "before"])
        let responder = app("\(folder.path)/raw.txt").build()
        let tooLong = try Call("PUT", "/raw").request()
        tooLong.body = RequestBody(
            source: Parts([UInt8](repeating: 48, count: 2 << 20 + 1), length: 60_000))
        #expect(await responder.response(to: tooLong).status == .contentTooLarge)
        let loop = InProcessLoop()
        var call = Call("PUT", "/raw")
        call.loop = loop
        let cut = try call.request()
        cut.body = RequestBody(source: Cut())
        #expect(await responder.response(to: cut).status == .badRequest)
        await loop.finish()
        #expect(try folder.text("raw.txt") == "before")
    }

    @Test("OpenAPI has the type of a streamed body, and JSON is taken as it is")
    func document() async throws {
        let folder = try Folder()
        let app = app("\(folder.path)/raw.txt")
        let operation = app.document["paths"]?["/raw"]?["put"]
        #expect(
            operation?["requestBody"]?.text
                == #"{"required":true,"content":{"text/plain":{"schema":{"type":"string","format":"binary"}}}}"#
        )
        #expect(try await app.answer("PUT", "/raw", json: "{broken").line == "200 7")
    }

    @Test("over a socket, too")
    func wire() async throws {
        let folder = try Folder()
        try await TestClient.live(app("\(folder.path)/raw.txt")) { (client) async throws in
            var request = TestRequest(.put, "/raw")
            request.body = [UInt8](repeating: 65, count: 1 << 20)
            #expect(try await client.send(request).text == "1048576")
        }
        #expect(try folder.names == ["raw.txt"])
    }

    /// A body that breaks off.
    private final class Cut: RequestBodySource {
        let expectedLength: UInt64? = nil
        let trailers: HTTPFields = [:]
        func next() async throws -> [UInt8]? { throw RequestBodyError.malformed }
    }
}
