import Crane
import CraneService
import Foundation
import Testing

@testable import LiveTalk

@Suite("The bound of a comment's text")
struct CommentLengthTests {
    private func settings(_ value: String) throws -> Settings {
        var settings = try Settings(environment: ["LIVETALK_COMMENT_LENGTH": value])
        settings.databaseURL = .memory
        return settings
    }

    private func body(_ text: String) -> String {
        #"{"talk_id":1,"user_ip":"::1","comment_text":"\#(text)"}"#
    }

    @Test("counts characters as pydantic does, for posts and changes, however they are written")
    func bound() async throws {
        let client = try Client(try settings("4"))
        // An emoji is one, a letter with a combining accent two, an escape one.
        for text in ["abcd", "😀😀😀😀", "e\u{301}e\u{301}", #"\u0061\n\ud83d\ude00d"#] {
            #expect(try await client.send("POST", "/comments/", json: body(text)).status == 200, "\(text)")
        }
        let issue =
            #""msg":"String should have at most 4 characters","input":"abcde","ctx":{"max_length":4}}]}"#
        for (method, target) in [("POST", "/comments/"), ("PUT", "/comments/1")] {
            let answer = try await client.send(method, target, json: body("abcde"))
            #expect(answer.status == 422)
            #expect(
                answer.body
                    == #"{"detail":[{"type":"string_too_long","loc":["body","comment_text"],"# + issue)
            for text in ["😀😀😀😀😀", "e\u{301}e\u{301}e", #"\u0061bcde"#] {
                #expect(try await client.send(method, target, json: body(text)).status == 422, "\(text)")
            }
        }
        #expect(try await client.send("GET", "/comments/1").body.contains(#""comment_text":"abcd""#))
    }

    @Test("is off unless it is set, and in the document when it is")
    func document() async throws {
        for (value, isBound) in [("off", false), ("OFF", false), ("16384", true)] {
            let client = try Client(try settings(value))
            let text = String(repeating: "x", count: 16385)
            let answer = try await client.send("POST", "/comments/", json: body(text))
            #expect(answer.status == (isBound ? 422 : 200))
            let document = try await client.send("GET", "/openapi.json").body
            #expect(document.contains(#""maxLength":16384"#) == isBound)
        }
        for value in ["0", "-1", "", "many", "1048577"] {
            #expect(throws: SettingsError.self, "\(value)") { try settings(value) }
        }
    }

    @Test("can be set by a reload, and takes nothing from the comments that are there or come back")
    func earlier() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        var settings = Settings()
        settings.databaseURL = .file(directory.appending(path: "comments.db").path)
        let app = try ServedTalk(settings, log: .standardError())
        let first = Client(responder: app.responder)
        #expect(try await first.send("POST", "/comments/", json: body("a long text")).status == 200)
        var bound = settings
        bound.commentLength = 4
        let reload = settings.reloaded(from: bound)
        #expect(reload.description == "reloaded; changed LIVETALK_COMMENT_LENGTH")
        let second = Client(responder: app.responder(for: reload.settings))
        #expect(try await second.send("GET", "/comments/1").body.contains("a long text"))
        #expect(try await second.send("POST", "/comments/", json: body("a long text")).status == 422)
        app.close()

        let file = directory.appending(path: "a.csv").path
        try DatabaseMaintenance(bound).export(to: file, as: .csv, continuing: false) { _, _ in }
        bound.databaseURL = .file(directory.appending(path: "other.db").path)
        #expect(try DatabaseMaintenance(bound).importComments(from: file, as: nil) { _, _ in }.added == 1)
    }
}
