import CraneSchema
import CraneSystem
import Glibc
import HTTPTypes
import Testing

@testable import Crane

@Suite("Files, streams and other answers")
struct FileResponseTests {
    /// A file of the test's own, removed with it.
    final class Scratch: Sendable {
        let path: String

        init(_ text: String, suffix: String = ".txt") throws {
            var template = Array("/var/tmp/crane-XXXXXX\(suffix)".utf8CString)
            // mkstemps(3) puts the name into the array.
            let descriptor = unsafe mkstemps(&template, Int32(suffix.utf8.count))
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let bytes = Array(text.utf8)
            // The array outlives the call.
            guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else { throw Failed() }
            close(descriptor)
        }

        deinit { _ = unsafe unlink(path) }
    }

    struct Failed: Error {}

    func app(_ file: Scratch) -> App {
        var app = App.quiet
        app.get("/", ContextInput()) { _ in FileResponse(file.path) }
        app.get("/save", ContextInput()) { _ in
            FileResponse(file.path, contentType: "text/x", disposition: .attachment(name: "a b.txt"))
        }
        app.get("/none", ContextInput()) { _ in FileResponse(file.path + "x") }
        app.get("/directory", ContextInput()) { _ in FileResponse("/var/tmp") }
        return app
    }

    @Test("a name with a NUL is no file's, whatever stands before it")
    func nul() async throws {
        let file = try Scratch("secret")
        var app = App.quiet
        app.get("/{name}", Path("name", String.self)) { name in FileResponse(file.path + name) }
        #expect(try await app.answer("GET", "/%00.png").line == #"404 {"detail":"Not Found"}"#)
        #expect(try await app.answer("GET", "/%00").status == .notFound)
        #expect(throws: LogFileError.self) { try LogSink(path: file.path + "\0.log") }
    }

    @Test("a directory in which no upload can be kept is named by the error")
    func temporaryDirectory() {
        let error = #expect(throws: FileError.self) { try OpenFile.temporary(in: "/var/empty/none") }
        #expect(error?.description == "/var/empty/none: No such file or directory")
    }

    @Test("ranges and conditions are read byte by byte")
    func bytewise() {
        #expect(ByteRanges("bytes=\u{301}0-1", size: 9) == .whole)
        #expect(ByteRanges("bytes=0-1,\u{301}", size: 9) == .whole)
        #expect(ByteRanges("BYTES = 0-1", size: 9) == .whole)
        #expect(ByteRanges("Bytes= 0 - 1 ,\t3-", size: 9) == .parts([0..<2, 3..<9]))
        #expect(HTTPTime.seconds("Sun, +6 Nov 1994 08:49:37 GMT") == nil)
        #expect(HTTPTime.seconds("Sun, 06 Nov 1994 +8:49:37 GMT") == nil)
        #expect(HTTPTime.seconds("Sun,\u{301} 06 Nov 1994 08:49:37 GMT") == nil)
        #expect(MediaType.guess("a.\u{301}png") == "application/octet-stream")
        #expect(MediaType.guess("a\u{301}.PNG") == "image/png")
        #expect(MediaType.guess("a.png/\u{301}b") == "application/octet-stream")
    }

    @Test("a file comes whole with its type, its tag and its date; a missing one is 404")
    func whole() async throws {
        let file = try Scratch("0123456789")
        let app = app(file)
        let answer = try await app.answer("GET", "/")
        #expect(String(decoding: try await answer.collected(), as: UTF8.self) == "0123456789")
        #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(answer.headers[.acceptRanges] == "bytes")
        #expect(answer.headers[.eTag]?.hasPrefix("\"") == true)
        #expect(answer.headers[.lastModified]?.hasSuffix(" GMT") == true)
        let saved = try await app.answer("GET", "/save")
        #expect(saved.headers[.contentType] == "text/x")
        #expect(saved.headers[.contentDisposition] == "attachment; filename*=utf-8''a%20b.txt")
        #expect(try await app.answer("GET", "/none").line == #"404 {"detail":"Not Found"}"#)
        #expect(try await app.answer("GET", "/directory").status == .notFound)
    }

    @Test(
        "ranges",
        arguments: [
            ("bytes=0-3", "206 0123", "bytes 0-3/10"), ("bytes=7-", "206 789", "bytes 7-9/10"),
            ("Bytes=-2", "206 89", "bytes 8-9/10"), ("bytes=-99", "206 0123456789", "bytes 0-9/10"),
            ("bytes=8-99999999999999999999", "206 89", "bytes 8-9/10"),
            ("bytes=10-", #"416 {"detail":"Range Not Satisfiable"}"#, "bytes */10"),
            ("bytes=-0", #"416 {"detail":"Range Not Satisfiable"}"#, "bytes */10"),
            ("bytes=12-14", #"416 {"detail":"Range Not Satisfiable"}"#, "bytes */10"),
            ("bytes=3-2", "200 0123456789", nil), ("lines=0-3", "200 0123456789", nil),
            ("bytes=", "200 0123456789", nil), ("bytes=a-b", "200 0123456789", nil),
            ("bytes=-", "200 0123456789", nil), ("bytes=0-9,0-9", "200 0123456789", nil),
        ] as [(String, String, String?)])
    func ranges(field: String, line: String, contentRange: String?) async throws {
        let file = try Scratch("0123456789")
        let answer = try await app(file).answer("GET", "/", [("range", field)])
        let text = String(decoding: try await answer.collected(), as: UTF8.self)
        #expect("\(answer.status.code) \(text)" == line)
        #expect(answer.headers[.contentRange] == contentRange)
    }

    @Test(
        "a range means nothing with HEAD", arguments: ["bytes=0-3", "bytes=99-", "bytes=-0", "bytes=0-1,4-5"])
    func headRange(field: String) async throws {
        let file = try Scratch("0123456789")
        let answer = try await app(file).answer("HEAD", "/", [("range", field)])
        #expect(answer.status == .ok)
        #expect(answer.body.length == 10)
        #expect(answer.headers[.contentRange] == nil)
        #expect(answer.headers[.acceptRanges] == "bytes")
    }

    @Test("no file is of a time to come")
    func future() async throws {
        let file = try Scratch("0123456789")
        var times = [timeval(tv_sec: 4_000_000_000, tv_usec: 0), timeval(tv_sec: 4_000_000_000, tv_usec: 0)]
        // The array outlives the call.
        #expect(unsafe utimes(file.path, &times) == 0)
        let answer = try await app(file).answer("GET", "/")
        let modified = try #require(answer.headers[.lastModified].flatMap(HTTPTime.seconds))
        #expect(modified < 4_000_000_000)
        #expect(modified <= Int64(SystemTime.wall() / 1_000_000_000))
    }

    @Test("fields that a response is given stand in the place of its own, and conditions are about them")
    func ownFields() async throws {
        let file = try Scratch("0123456789")
        var app = App.quiet
        app.get("/file", ContextInput()) { _ in
            FileResponse(
                file.path,
                headers: [
                    .contentType: "application/x-mine", .eTag: "\"mine, too\"",
                    .lastModified: "Sun, 06 Nov 1994 08:49:37 GMT",
                ])
        }
        app.get("/stream", ContextInput()) { _ in
            StreamingResponse("text/plain", headers: [.contentType: "text/event-stream"]) { _ in }
        }
        app.get("/error", ContextInput()) { _ -> Response in
            throw HTTPError(.badRequest, "bad", headers: [.contentType: "application/problem+json"])
        }
        func values(_ path: String, _ name: HTTPField.Name) async throws -> [String] {
            try await app.answer("GET", path).headers[values: name]
        }
        #expect(try await values("/file", .contentType) == ["application/x-mine"])
        #expect(try await values("/file", .eTag) == ["\"mine, too\""])
        #expect(try await values("/stream", .contentType) == ["text/event-stream"])
        #expect(try await values("/error", .contentType) == ["application/problem+json"])
        func status(_ fields: (String, String)...) async throws -> Int {
            try await app.answer("GET", "/file", fields).status.code
        }
        #expect(try await status(("if-none-match", "\"a\", \"mine, too\"")) == 304)
        #expect(try await status(("if-none-match", "\"mine\", too\"")) == 200)
        #expect(try await status(("if-match", "\"a\"")) == 412)
        #expect(try await status(("if-modified-since", "Mon, 07 Nov 1994 08:49:37 GMT")) == 304)
        #expect(try await status(("range", "bytes=0-0"), ("if-range", "\"mine, too\"")) == 206)
        let parts = try await app.answer("GET", "/file", [("range", "bytes=0-0,5-5")])
        #expect(parts.headers[values: .contentType].count == 1)
        #expect(String(decoding: try await parts.collected(), as: UTF8.self).contains("application/x-mine"))
    }

    @Test("several ranges come as one multipart body")
    func multipart() async throws {
        let file = try Scratch("0123456789")
        let answer = try await app(file).answer("GET", "/", [("range", "bytes=0-1, 5-5,-1,50-")])
        #expect(answer.status == .partialContent)
        let type = try #require(answer.headers[.contentType])
        let boundary = try #require(type.split(separator: "=").last)
        #expect(type == "multipart/byteranges; boundary=\(boundary)")
        func part(_ range: String, _ text: String) -> String {
            "\r\n--\(boundary)\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes \(range)/10\r\n\r\n\(text)"
        }
        #expect(
            String(decoding: try await answer.collected(), as: UTF8.self)
                == part("0-1", "01") + part("5-5", "5") + part("9-9", "9") + "\r\n--\(boundary)--\r\n")
    }

    @Test("conditions on tag and date: 304, 412, and ranges only of the same version")
    func conditions() async throws {
        let file = try Scratch("0123456789")
        let app = app(file)
        let first = try await app.answer("GET", "/")
        let tag = try #require(first.headers[.eTag])
        let date = try #require(first.headers[.lastModified])
        let old = "Sunday, 06-Nov-94 08:49:37 GMT"
        func status(_ fields: (String, String)...) async throws -> Int {
            try await app.answer("GET", "/", fields).status.code
        }
        #expect(try await status(("if-none-match", "\"a\", W/\(tag)")) == 304)
        #expect(try await status(("if-none-match", "*")) == 304)
        #expect(try await status(("if-none-match", "\"a\""), ("if-modified-since", date)) == 200)
        #expect(try await status(("if-modified-since", date)) == 304)
        #expect(try await status(("if-modified-since", old)) == 200)
        #expect(try await status(("if-modified-since", "yesterday")) == 200)
        #expect(try await status(("if-match", tag)) == 200)
        #expect(try await status(("if-match", "W/\(tag)")) == 412)
        #expect(try await status(("if-unmodified-since", old)) == 412)
        #expect(try await status(("if-unmodified-since", date)) == 200)
        #expect(try await status(("range", "bytes=0-0"), ("if-range", tag)) == 206)
        #expect(try await status(("range", "bytes=0-0"), ("if-range", date)) == 206)
        #expect(try await status(("range", "bytes=0-0"), ("if-range", "\"a\"")) == 200)
        let notModified = try await app.answer("GET", "/", [("if-none-match", tag)])
        #expect(notModified.headers[.contentType] == nil)
        #expect(notModified.headers[.eTag] == tag)
    }

    @Test("a long file is read in pieces while it is sent")
    func long() async throws {
        let text = String(repeating: "0123456789", count: 100_000)
        let file = try Scratch(text, suffix: ".bin")
        let app = app(file)
        let whole = try await app.answer("GET", "/")
        #expect(whole.body.length == 1_000_000)
        #expect(String(decoding: try await whole.collected(), as: UTF8.self) == text)
        let part = try await app.answer("GET", "/", [("range", "bytes=500000-999990")])
        #expect(try await part.collected().count == 499_991)
    }

    @Test("dates in all three forms name the same second")
    func dates() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ] {
            #expect(HTTPTime.seconds(text) == 784_111_777)
        }
        #expect(HTTPTime.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        for text in [
            "", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        ] {
            #expect(HTTPTime.seconds(text) == nil)
        }
    }
}
