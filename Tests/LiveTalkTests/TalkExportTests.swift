import CraneSQLite
import CraneSchema
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import LiveTalk

@Suite("A talk as a file", .ownThreads)
struct TalkExportTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { directory.appending(path: name).path }

    private func care(_ name: String) throws -> DatabaseMaintenance {
        var settings = Settings()
        settings.databaseURL = .file(path(name))
        return try DatabaseMaintenance(settings)
    }

    private func text(_ name: String) throws -> String {
        try String(decoding: Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
    }

    private static func json(_ text: String) -> String {
        String(decoding: String.schema.encode(text), as: UTF8.self)
    }

    /// Texts that a spreadsheet would calculate, that look as if they were guarded, and that CSV and JSON escape.
    private static let texts = [
        "plain", "=HYPERLINK(\"http://a\")", "+1", "-2", "@x", "\tx", "\rx", "\nx", "'=1", "''=1", "'quoted'",
        "'", "＝1",
        "a,\"b\"\r\nc", "王 \u{1F600}", " =1",
    ]

    /// A talk of such comments, one of which waits, one is hidden, and some have votes, a stage, a pin and an answer.
    private func fill(_ room: Room) async throws -> (talk: Int, ids: [Int]) {
        let talk = try await room.talk()
        var ids: [Int] = []
        for text in Self.texts {
            let json = Self.json(text)
            let answer = try await room.send(
                "POST", "/comments/", #"{"talk_id":\#(talk),"user_ip":"=1","comment_text":\#(json)}"#)
            ids.append(try #require(answer.body.firstMatch(of: /"id":(\d+)/).flatMap { Int($0.1) }))
        }
        for voter in 0..<3 {
            _ = try await room.send(
                "PUT", "/comments/\(ids[0])/vote", nil, ["X-Voter-Token: participant-number-\(voter)"])
        }
        try await room.moderate(ids[1], #"{"stage":"now","pinned":true,"answer":"=2,\"no\""}"#)
        try await room.moderate(ids[2], #"{"state":"hidden","stage":"answered"}"#)
        try await room.moderate(ids[3], #"{"state":"waiting"}"#)
        try await room.post("of no talk", talk: 77)
        return (talk, ids)
    }

    @Test("is given to moderators alone, with what waits or is hidden, and votes, stages, pins and answers")
    func export() async throws {
        let room = try Room()
        let (talk, ids) = try await fill(room)
        #expect(try await room.send("GET", "/talks/\(talk)/export").status == 403)
        #expect(try await room.send("GET", "/talks/\(talk)/export", nil, [room.user]).status == 403)
        let answer = try await room.send("GET", "/talks/\(talk)/export", nil, [room.moderator])
        #expect(answer.status == 200 && answer.headers[.contentType] == "application/x-ndjson")
        #expect(answer.headers[.contentDisposition] == "attachment; filename=\"swift.ndjson\"")
        let records = try answer.body.split(separator: "\n").map { line in
            try RoomRecord.schema.decode(Array(line.utf8))
        }
        #expect(records.map(\.id) == ids)
        #expect(records.map(\.comment.text) == Self.texts)
        #expect(records[0].votes == 3 && records[0].comment.userIP == "=1")
        #expect(records[1].stage == .now && records[1].isPinned && records[1].answer == "=2,\"no\"")
        #expect(records.map(\.state).prefix(5) == [.shown, .shown, .hidden, .waiting, .shown])
        let csv = try await room.send("GET", "/talks/\(talk)/export?format=csv", nil, [room.moderator])
        #expect(csv.headers[.contentType]?.hasPrefix("text/csv") == true)
        #expect(
            csv.body.hasPrefix(
                "id,talk_id,user_ip,comment_text,created_at,updated_at,state,stage,pinned,votes,answer,name\n"
            ))
        #expect(csv.body.contains(",\"'=HYPERLINK(\"\"http://a\"\")\",") && csv.body.contains(",'=1,"))
        #expect(csv.body.contains(",now,true,0,\"'=2,\"\"no\"\"\",\n"))
        #expect(
            try await room.send("GET", "/talks/\(talk)/export?format=xml", nil, [room.moderator]).status
                == 422)
        let other = try await room.send("GET", "/talks/77/export", nil, [room.moderator])
        #expect(other.body.contains("of no talk") && other.body.split(separator: "\n").count == 1)
        let none = try await room.send("GET", "/talks/78/export", nil, [room.moderator])
        #expect(none.status == 200 && none.body.isEmpty)
    }

    @Test(
        "comes back as it was from either format, and what waits or is hidden is seen by nobody",
        arguments: TransferFormat.allCases)
    func roundTrip(format: TransferFormat) async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let room = try Room()
        let (talk, ids) = try await fill(room)
        let answer = try await room.send(
            "GET", "/talks/\(talk)/export?format=\(format.rawValue)", nil, [room.moderator])
        try Data(answer.body.utf8).write(to: URL(filePath: path("one.\(format.rawValue)")))
        let care = try care("new.db")
        for _ in 0..<2 {
            _ = try care.importComments(from: path("one.\(format.rawValue)"), as: nil) { _, _ in }
        }
        // By the number: nobody has made the talk here.
        try care.export(
            .full(talk: "\(talk)"), to: path("two.\(format.rawValue)"), as: format, continuing: false
        ) { _, _ in }
        #expect(try text("two.\(format.rawValue)") == answer.body)
        try care.export(to: path("open.ndjson"), as: .ndjson, continuing: false) { _, _ in }
        let seen = try text("open.ndjson").split(separator: "\n").map {
            try Comment.schema.decode(Array($0.utf8)).id
        }
        #expect(seen == ids.filter { ![ids[2], ids[3]].contains($0) })
    }

    @Test("is continued where it was cut off, by the same kind of export alone")
    func resumes() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let care = try care("talk.db")
        let lines = (1...50).map {
            #"{"id":\#($0),"talk_id":\#($0 % 2),"user_ip":"","comment_text":"=\#($0)","created_at":"2026-01-01T00:00:00Z","#
                + #""updated_at":"2026-01-01T00:00:00Z","state":"hidden","votes":\#($0)}"#
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path("in.ndjson")))
        #expect(try care.importComments(from: path("in.ndjson"), as: nil) { _, _ in }.added == 50)
        for format in TransferFormat.allCases {
            let file = path("out.\(format.rawValue)")
            try care.export(.full(talk: "1"), to: file, as: format, continuing: false) { _, _ in }
            let whole = try text("out.\(format.rawValue)")
            #expect(whole.split(separator: "\n").count == (format == .csv ? 26 : 25))
            try Data(whole.utf8.prefix(whole.utf8.count * 2 / 3)).write(to: URL(filePath: file))
            for scope in [ExportScope.shown, .full(talk: "0")] {
                #expect(throws: OperationError.self) {
                    try care.export(scope, to: file, as: format, continuing: true) { _, _ in }
                }
            }
            try care.export(.full(talk: "1"), to: file, as: format, continuing: true) { _, _ in }
            #expect(try text("out.\(format.rawValue)") == whole)
        }
        #expect(throws: OperationError.self) {
            try care.export(.full(talk: "none"), to: path("x.csv"), as: .csv, continuing: false) { _, _ in }
        }
        #expect(!FileManager.default.fileExists(atPath: path("x.csv")))
    }

    @Test(
        "is refused where a part of it is none of its values",
        arguments: [
            (#""state":"gone""#, "state"), (#""votes":-1"#, "votes"), (#""pinned":3"#, "pinned"),
            (#""stage":"later""#, "stage"),
        ])
    func wrong(members: String, name: String) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let line =
            #"{"id":1,"talk_id":1,"user_ip":"","comment_text":"a","created_at":"2026-01-01T00:00:00Z","#
            + #""updated_at":"2026-01-01T00:00:00Z",\#(members)}"#
        try Data(line.utf8).write(to: URL(filePath: path("in.ndjson")))
        let error = #expect(throws: OperationError.self) {
            try care("new.db").importComments(from: path("in.ndjson"), as: nil) { _, _ in }
        }
        #expect(error?.description.contains("line 1: \(name): ") == true)
    }

    @Test("takes the stage from nobody, and none that is not seen")
    func stage() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let head = RoomRecord.table.columns.map(\.name).joined(separator: ",") + "\n"
        let time = "2026-01-01T00:00:00.000000Z"
        let rows = [
            "1,1,,a,\(time),\(time),hidden,now,false,0,,=n", "2,1,,b,\(time),\(time),shown,now,0,0,,",
            "3,1,,c,\(time),\(time),shown,now,1,0,,",
        ]
        try Data((head + rows.joined(separator: "\n")).utf8).write(to: URL(filePath: path("in.csv")))
        let care = try care("new.db")
        #expect(try care.importComments(from: path("in.csv"), as: nil) { _, _ in }.added == 3)
        try care.export(.full(talk: nil), to: path("out.csv"), as: .csv, continuing: false) { _, _ in }
        let stages = try text("out.csv").split(separator: "\n").dropFirst().map {
            $0.split(separator: ",")[6]
        }
        #expect(stages == ["queued", "now", "queued"])
        #expect(try text("out.csv").contains(",hidden,queued,false,0,,'=n\n"))
    }

    @Test("of commands has the talk of a slug, and needs a database of this version")
    func command() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let url = "sqlite:///\(path("c.db"))"
        #expect(try CommandProcess(["migrate", "--database-url", url]).outcome().status == 0)
        let outcome = try CommandProcess(["export", "--talk", "swift", "--database-url", url]).outcome()
        #expect(outcome.status == 1 && outcome.errors.hasSuffix("there is no talk swift\n"))
        let whole = try CommandProcess(["export", "--full", "--format", "csv", "--database-url", url])
            .outcome()
        #expect(whole.status == 0 && whole.output.hasSuffix(",state,stage,pinned,votes,answer,name\n"))
        let database = try Database(.init(.file(path("c.db"))))
        try database.transaction { try $0.execute("DELETE FROM crane_migration WHERE number > 9") }
        database.close()
        let older = try CommandProcess(["export", "--full", "--database-url", url]).outcome()
        #expect(older.status == 1 && older.errors.contains("run livetalk migrate first"))
    }

    @Test("is a feed of Atom that tells a client which has it so, and changes with what is seen")
    func atom() async throws {
        let room = try Room()
        let (talk, ids) = try await fill(room)
        let answer = try await room.send("GET", "/talks/\(talk)/feed.atom")
        #expect(answer.headers[.contentType] == "application/atom+xml; charset=utf-8")
        let tag = try #require(answer.headers[.eTag])
        let known = try await room.send("GET", "/talks/\(talk)/feed.atom", nil, ["If-None-Match: \(tag)"])
        #expect(known.status == 304 && known.body.isEmpty && known.headers[.eTag] == tag)
        let feed = try Feed(answer.body)
        #expect(feed.root == ["feed"] && feed.texts["feed/title"] == ["T"])
        // The newest first, without those that wait or are hidden.
        let shown = ids.filter { ![ids[2], ids[3]].contains($0) }.map {
            Self.texts[ids.firstIndex(of: $0) ?? 0]
        }
        #expect(feed.texts["feed/entry/content"] == shown.reversed())
        #expect(Set(feed.texts["feed/entry/id"] ?? []).count == shown.count)
        #expect(feed.texts["feed/id"]?.first?.hasPrefix("urn:uuid:") == true)
        #expect(feed.texts["feed/author/name"]?.count == 1 && feed.texts["feed/updated"]?.count == 1)
        #expect(!answer.body.contains("user_ip"))
        try await room.moderate(ids[0], #"{"state":"hidden"}"#)
        let changed = try await room.send("GET", "/talks/\(talk)/feed.atom", nil, ["If-None-Match: \(tag)"])
        #expect(changed.status == 200 && !changed.body.contains("plain") && changed.headers[.eTag] != tag)
        #expect(try Feed(changed.body).texts["feed/id"] == feed.texts["feed/id"])
        #expect(try await room.send("GET", "/talks/78/feed.atom").status == 404)
    }

    @Test("holds no markup and no control character of a comment, and of a long one the beginning")
    func atomText() async throws {
        let room = try Room()
        let text = "</content><script>&amp;\u{0}\u{1}\u{1B}\u{7F}\u{9F}\u{FFFE}]]>\"'\r\nend"
        let long = String(repeating: "x", count: 10_000)
        for text in [text, long] {
            let json = Self.json(text)
            _ = try await room.send(
                "POST", "/comments/", #"{"talk_id":5,"user_ip":"","comment_text":\#(json)}"#)
        }
        let answer = try await room.send("GET", "/talks/5/feed.atom")
        let feed = try Feed(answer.body)
        #expect(feed.texts["feed/title"] == ["Talk 5"])
        #expect(feed.texts["feed/entry/content"]?.last == "</content><script>&amp;]]>\"'\r\nend")
        #expect(feed.texts["feed/entry/title"]?.last == "</content><script>&amp;]]>\"' end")
        #expect(feed.texts["feed/entry/content"]?.first?.count == 4097)
        #expect(feed.texts["feed/entry/title"]?.first?.hasSuffix("x…") == true)
    }

    /// A document as a parser for tests of this feed sees it: the texts of each path, entities resolved.
    private struct Feed {
        var root: [String] = []
        var texts: [String: [String]] = [:]

        init(_ xml: String) throws {
            var path: [Substring] = []
            var rest = xml.drop { $0 != "\n" }.dropFirst()
            while let open = rest.firstIndex(of: "<") {
                let text = rest[..<open]
                let close = try #require(rest[open...].firstIndex(of: ">"), "\(rest.prefix(60))")
                let tag = rest[rest.index(after: open)..<close]
                rest = rest[rest.index(after: close)...]
                if tag.hasPrefix("/") {
                    try #require(path.last == tag.dropFirst(), "\(tag) closes \(path)")
                    // Elements that hold others have only line feeds of their own.
                    texts[path.joined(separator: "/"), default: []].append(Self.plain(text))
                    path.removeLast()
                } else if !tag.hasSuffix("/") {
                    path.append(tag.prefix { $0 != " " })
                    if path.count == 1 { root.append(String(path[0])) }
                }
            }
            #expect(path.isEmpty)
        }

        private static func plain(_ text: Substring) -> String {
            // A parser makes line feeds of other line ends, unless they are escaped.
            String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing(
                "&quot;", with: "\""
            )
            .replacing("&#39;", with: "'").replacing("&#13;", with: "\r").replacing("&amp;", with: "&")
        }
    }
}
