import CraneSQLite
import CraneSchema
import HTTPTypes
import TestSupport
import Testing

@testable import LiveTalk

@Suite("Talks", .serialized)
struct TalkTests {
    @Test("are made, read, changed and deleted by moderators, and read by all", arguments: Room.Kind.all)
    func routes(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let made = try await room.send(
            "POST", "/talks/",
            #"{"slug":"swift-6","title":"Swift","speaker":"Ada","starts_at":"2026-12-01T10:00:00Z"}"#,
            [room.moderator])
        #expect(made.status == 201)
        let talk = try Talk.schema.decode(Array(made.body.utf8))
        #expect((talk.id, talk.slug, talk.state, talk.moderation) == (1, "swift-6", .open, .after))
        #expect(talk.speaker == "Ada" && talk.startsAt?.description == "2026-12-01T10:00:00.000000Z")
        #expect(try await room.send("GET", "/talks/1").body == made.body)
        let changed = try await room.send(
            "PUT", "/talks/1", #"{"state":"closed","title":"Swift 6"}"#, [room.moderator])
        let update = try Talk.schema.decode(Array(changed.body.utf8))
        #expect(
            (update.state, update.title, update.speaker, update.slug) == (
                .closed, "Swift 6", "Ada", "swift-6"
            ))
        #expect(update.updatedAt > talk.updatedAt)
        try await room.talk("other")
        func slugs(_ query: String) async throws -> [String] {
            let answer = try await room.send("GET", "/talks/\(query)")
            return try [Talk].schema.decode(Array(answer.body.utf8)).map(\.slug)
        }
        #expect(try await slugs("") == ["other", "swift-6"])
        #expect(try await slugs("?state=closed") == ["swift-6"])
        #expect(try await slugs("?offset=1&limit=1") == ["swift-6"])
        let deleted = try await room.send("DELETE", "/talks/1", nil, [room.moderator])
        #expect((deleted.status, deleted.body) == (200, #"{"message":"Talk deleted"}"#))
        #expect(try await room.send("GET", "/talks/1").body == #"{"detail":"Talk not found"}"#)
        #expect(try await room.kinds(1) == ["talk 0", "talk 0", "talk 0"])
        #expect(try await room.log(1).changes[0].json.hasSuffix(#","id":1}"#))
    }

    @Test("are nobody else's to change", arguments: Room.Kind.all)
    func moderatorsOnly(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        try await room.talk()
        let id = try await room.post("a")
        for (method, target, body) in [
            ("POST", "/talks/", #"{"slug":"b","title":"T"}"#), ("PUT", "/talks/1", "{}"),
            ("DELETE", "/talks/1", ""),
            ("GET", "/talks/1/words", ""), ("PUT", "/talks/1/words", #"{"words":[]}"#),
            ("PUT", "/comments/\(id)/state", "{}"), ("PUT", "/comments/\(id)/block", "{}"),
            ("DELETE", "/comments/\(id)/block", ""),
        ] {
            let json = body.isEmpty ? nil : body
            #expect(try await room.send(method, target, json).status == 403, "\(method) \(target)")
            #expect(try await room.send(method, target, json, ["Authorization: Bearer x"]).status == 401)
            let user = try await room.send(method, target, json, [room.user])
            #expect((user.status, user.body) == (403, #"{"detail":"Not a moderator"}"#))
        }
        for state in ["waiting", "hidden"] {
            #expect(try await room.send("GET", "/talks/1/comments?state=\(state)").status == 403)
            #expect(
                try await room.send("GET", "/talks/1/comments?state=\(state)", nil, [room.user]).status == 403
            )
        }
        #expect(try await room.kinds(1) == ["talk 0", "created 1"])
    }

    @Test("are refused with what is wrong", arguments: Room.Kind.all)
    func refusals(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        try await room.talk()
        for body in [
            #"{"slug":"A","title":"T"}"#, #"{"slug":"a--b","title":"T"}"#, #"{"slug":"","title":"T"}"#,
            #"{"slug":"b","title":""}"#, #"{"title":"T"}"#, #"{"slug":"b","title":"T","moderation":"x"}"#,
            #"{"slug":"b","title":"T","id":0}"#,
        ] {
            #expect(try await room.send("POST", "/talks/", body, [room.moderator]).status == 422, "\(body)")
        }
        let slug = try await room.send("POST", "/talks/", #"{"slug":"swift","title":"T"}"#, [room.moderator])
        #expect((slug.status, slug.body) == (409, #"{"detail":"Another talk has this slug"}"#))
        let id = try await room.send("POST", "/talks/", #"{"id":1,"slug":"b","title":"T"}"#, [room.moderator])
        #expect((id.status, id.body) == (409, #"{"detail":"There is a talk with this id"}"#))
        try await room.talk("b")
        #expect(try await room.send("PUT", "/talks/2", #"{"slug":"swift"}"#, [room.moderator]).status == 409)
        #expect(try await room.send("PUT", "/talks/2", #"{"slug":"b"}"#, [room.moderator]).status == 200)
        #expect(try await room.send("PUT", "/talks/9", "{}", [room.moderator]).status == 404)
        #expect(
            try await room.send("PUT", "/talks/9/words", #"{"words":[]}"#, [room.moderator]).status == 404)
    }

    @Test(
        "begin without comments, or take over a free talk_id with those that it has", arguments: Room.Kind.all
    )
    func freeIDs(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        for talk in [1, 2, 7] { try await room.post("a", talk: talk) }
        #expect(try await room.talk("new") == 3)
        #expect(try await room.talk("old", #","id":7"#) == 7)
        #expect(try await room.send("GET", "/talks/7").body.contains(#""comments":1,"waiting":0,"hidden":0"#))
        #expect(try await room.talk("next") == 8)
        let free = try await room.send("GET", "/comments/?talk_id=2")
        #expect(free.body.contains(#""talk_id":2"#))
    }

    @Test("count their comments, whoever makes and moves them", arguments: Room.Kind.all)
    func counts(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let talk = try await room.talk("a", #","moderation":"before""#)
        func counts() async throws -> [Int] {
            let answer = try await room.send("GET", "/talks/\(talk)")
            let talk = try Talk.schema.decode(Array(answer.body.utf8))
            return [talk.comments, talk.waiting, talk.hidden]
        }
        var ids: [Int] = []
        for _ in 1...4 { ids.append(try await room.post("a", talk: talk)) }
        #expect(try await counts() == [0, 4, 0])
        try await room.moderate(ids[0], #"{"state":"shown"}"#)
        try await room.moderate(ids[1], #"{"state":"hidden"}"#)
        #expect(try await counts() == [1, 2, 1])
        try await room.moderate(ids[0], #"{"state":"hidden"}"#)
        #expect(try await counts() == [0, 2, 2])
        try await room.moderate(ids[0], #"{"state":"shown"}"#)
        _ = try await room.send("DELETE", "/comments/\(ids[0])")
        #expect(try await counts() == [0, 2, 1])
    }

    @Test("take no comments and votes when they are closed, and take them again", arguments: Room.Kind.all)
    func closed(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let talk = try await room.talk()
        let id = try await room.post("a", talk: talk, headers: ["Idempotency-Key: k"])
        func set(_ state: String) async throws {
            _ = try await room.send("PUT", "/talks/\(talk)", #"{"state":"\#(state)"}"#, [room.moderator])
        }
        try await set("closed")
        let body = #"{"talk_id":\#(talk),"user_ip":"::1","comment_text":"b"}"#
        let refused = try await room.send("POST", "/comments/", body)
        #expect((refused.status, refused.body) == (409, #"{"detail":"The talk is closed"}"#))
        #expect(try await room.send("PUT", "/comments/\(id)/vote").status == 409)
        let again = try await room.post("a", talk: talk, headers: ["Idempotency-Key: k"])
        #expect(again == id, "an answer that was lost is given again")
        try await room.post("elsewhere", talk: 99)
        try await set("open")
        try await room.post("b", talk: talk)
    }

    @Test(
        "send comments with blocked words to the moderators, in whichever form, edits too",
        arguments: Room.Kind.all)
    func words(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let talk = try await room.talk()
        let words = #"{"words":["spam*","Über","地震"]}"#
        let set = try await room.send("PUT", "/talks/\(talk)/words", words, [room.moderator])
        #expect(set.body == #"{"words":["spam*","Über","地震"]}"#)
        #expect(try await room.send("GET", "/talks/\(talk)/words", nil, [room.moderator]).body == set.body)
        for (text, waits) in [
            ("no SPAMMING here", true), ("das ist uber", true), ("大地震だ", true), ("ham", false),
            ("spa", false),
            ("x" + String(repeating: " y", count: TalkRules.inspectedBytes), true),
        ] {
            let id = try await room.post(text, talk: talk)
            #expect(try await room.send("GET", "/comments/\(id)").status == (waits ? 404 : 200), "\(text)")
        }
        let id = try await room.post("fine", talk: talk)
        let edited = try await room.send("PUT", "/comments/\(id)", #"{"comment_text":"spam"}"#)
        #expect(edited.status == 200)
        #expect(try await room.send("GET", "/comments/\(id)").status == 404)
        #expect(
            try await room.kinds(talk).suffix(2) == ["hidden \(id)", "talk 0"],
            "the numbers that are shown follow")
        try await room.post("spam", talk: 99)
        #expect(try await room.send("GET", "/comments/?talk_id=99").body.contains("spam"))
        #expect(
            try await room.send("PUT", "/talks/1/words", #"{"words":["a b"]}"#, [room.moderator]).status
                == 422)
    }
}
