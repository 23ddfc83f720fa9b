import Crane
import CraneSchema
import CraneService
import HTTPTypes
import TestSupport
import Testing

@testable import LiveTalk

@Suite("The audience's page", .serialized)
struct AudiencePageTests {
    @Test("is not there for a talk that is not, and says so in HTML", arguments: Room.Kind.all)
    func missing(_ kind: Room.Kind) async throws {
        let answer = try await Room.withTalk(kind).send("GET", "/t/none?lang=de")
        #expect(answer.status == 404 && answer.body.contains("Diese Seite gibt es nicht"))
        #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
    }

    @Test(
        "shows pinned ones first, the own of the last minutes behind, answered ones last, and what is on the stage above",
        arguments: Room.Kind.all)
    func order(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        for text in ["a", "b", "c", "d", "e"] { try await room.post(text) }
        var visitor = Visitor(room)
        let own = try await visitor.ask("f")
        for id in [2, 4, 4] { _ = try await Visitor(room).voting(id) }
        try await room.moderate(1, #"{"pinned":true}"#)
        try await room.moderate(2, #"{"stage":"answered","answer":"So <it> is"}"#)
        try await room.moderate(5, #"{"stage":"now"}"#)
        let page = try await visitor.get().body
        #expect(rows(page).stage == [5] && rows(page).list.prefix(5) == [1, own, 4, 3, 2], "\(rows(page))")
        #expect(page.contains("So &lt;it&gt; is") && page.contains("✓ Answered") && page.contains("Pinned"))
        #expect(
            page.contains(
                "name=\"vote\" value=\"2\" aria-pressed=\"false\" aria-label=\"Vote, 1 so far\" disabled>"))
        #expect(
            rows(try await Visitor(room).get("/t/swift?sort=newest").body).list.prefix(5) == [
                1, own, 4, 3, 2,
            ])
        #expect(
            rows(try await Visitor(room).get("/t/swift?sort=x&offset=-1&edit=y").body).list.prefix(2) == [
                1, 4,
            ])
    }

    @Test(
        "shows what waits to its author alone, and the numbers of what waits and is hidden to all",
        arguments: Room.Kind.all)
    func waiting(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        try await room.talk("swift", #","moderation":"before""#)
        var visitor = Visitor(room)
        let id = try await visitor.ask("wait")
        #expect(try await visitor.get().body.contains("Waiting for approval"))
        let other = try await Visitor(room).get().body
        #expect(rows(other).list == [] && other.contains("0\u{A0}questions · 1\u{A0}waiting · 0\u{A0}hidden"))
        #expect(other.contains("A moderator reads it first"))
        try await room.moderate(id, #"{"state":"shown"}"#)
        #expect(try await rows(Visitor(room).get().body).list == [id])
        try await room.moderate(id, #"{"state":"hidden"}"#)
        let hidden = try await visitor.get().body
        #expect(
            rows(hidden).list == [] && hidden.contains("0\u{A0}questions · 0\u{A0}waiting · 1\u{A0}hidden"))
    }

    @Test(
        "takes every text for text",
        arguments: [
            "<script>alert(1)</script>", "</textarea><script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "' onfocus=alert(1) autofocus='", "\"\u{301} onfocus=alert(1) autofocus=\"",
            "\u{600}<script>alert(1)</script>",
            "</script><!--<script>", "{{title}}{{{data}}}", "javascript:alert(1)",
        ])
    func hostile(text: String) async throws {
        let room = try Room()
        let quoted = String(decoding: String.schema.encode(text), as: UTF8.self)
        _ = try await room.send(
            "POST", "/talks/", "{\"slug\":\"swift\",\"title\":\(quoted),\"speaker\":\(quoted)}",
            [room.moderator])
        var visitor = Visitor(room)
        let encoded = text.utf8.map { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || (65...90).contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        let id = try await visitor.ask(
            encoded, "&name=\(encoded.prefix(60).split(separator: "%").count > 40 ? "x" : "n")")
        try await room.moderate(id, "{\"answer\":\(quoted)}")
        for target in ["/t/swift", "/t/swift?edit=\(id)", "/live", "/t/swift?lang=%3Cscript%3E"] {
            let page = try await visitor.get(target).body
            let tags = page.matches(of: /<(\/?[a-z!][^ >\n]*)/).map { String($0.1) }
            #expect(!tags.contains("img") && !page.contains("<!--"), "\(target)")
            #expect(tags.count { $0 == "script" } == 2 && tags.count { $0 == "/script" } == 2, "\(target)")
            #expect(!page.contains(/<[a-z]+[^>]* on[a-z]+=/), "\(target)")
        }
    }

    @Test("is read in parts by links", arguments: Room.Kind.all)
    func paging(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        for number in 0..<60 { try await room.post("n\(number)") }
        let page = try await Visitor(room).get("/t/swift?sort=newest").body
        #expect(rows(page).list == Array((11...60).reversed()))
        #expect(page.contains("href=\"/t/swift?sort=newest&amp;offset=50\""))
        let next = try await Visitor(room).get("/t/swift?sort=newest&offset=50").body
        #expect(rows(next).list == Array((1...10).reversed()) && !next.contains("offset=100"))
    }

    @Test("carries the position of its feed, and is short", arguments: Room.Kind.all)
    func position(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        for number in 0..<50 {
            try await room.post("Question \(number): what would you do again, and what not?")
        }
        let page = try await Visitor(room).get().body
        let log = try await room.log(for: .audience)
        #expect(page.contains("\"position\":\"\(log.epoch)-\(log.newest)\""))
        #expect(page.utf8.count < 30_000, "\(page.utf8.count)")
    }
}
