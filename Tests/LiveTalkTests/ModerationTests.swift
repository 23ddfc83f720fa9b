import CraneSQLite
import CraneSchema
import CraneTesting
import HTTPTypes
import TestSupport
import Testing

@testable import LiveTalk

@Suite("Moderators", .serialized)
struct ModerationTests {
    @Test("hide a comment from every open route, and restore it in its old place", arguments: Room.Kind.all)
    func hiding(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let ids = try await (room.post("one"), room.post("twofold"), room.post("three"))
        let hidden = try await room.moderate(ids.1, #"{"state":"hidden"}"#)
        let comment = try RoomComment.schema.decode(Array(hidden.body.utf8))
        #expect((comment.state, comment.text) == (.hidden, "twofold"))
        for (method, target, body) in [
            ("GET", "/comments/2", nil), ("PUT", "/comments/2", #"{"comment_text":"x"}"#),
            ("DELETE", "/comments/2", nil), ("PUT", "/comments/2/vote", nil),
        ] as [(String, String, String?)] {
            let answer = try await room.send(method, target, body)
            #expect(
                (answer.status, answer.body) == (404, #"{"detail":"Comment not found"}"#),
                "\(method) \(target)")
        }
        for target in [
            "/comments/", "/comments/?talk_id=1", "/comments/?sort=top", "/comments/?talk_id=1&sort=newest",
            "/comments/?user_ip=::1", "/comments/?after=1", "/search/comments?q=twofold", "/talks/1/comments",
            "/talks/1/comments?sort=top",
        ] {
            let answer = try await room.send("GET", target)
            #expect(answer.status == 200 && !answer.body.contains("twofold"), "\(target)")
        }
        let queue = try await room.send("GET", "/talks/1/comments?state=hidden", nil, [room.moderator])
        #expect(queue.body.contains("twofold"))
        let shown = try await room.moderate(ids.1, #"{"state":"shown"}"#)
        #expect(shown.body.contains(#""state":"shown""#))
        let list = try await room.send("GET", "/comments/?talk_id=1")
        #expect(list.body.matches(of: /"id":(\d+)/).map { $0.1 } == ["1", "2", "3"])
        #expect(try await room.send("GET", "/search/comments?q=twofold").body.contains("twofold"))
        #expect(try await room.kinds().suffix(2) == ["hidden 2", "restored 2"])
        #expect(try await room.post("four") == 4)
    }

    @Test("look at comments first where the talk says so", arguments: Room.Kind.all)
    func waiting(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let talk = try await room.talk("a", #","moderation":"before""#)
        let body = #"{"talk_id":\#(talk),"user_ip":"::1","comment_text":"a"}"#
        let answer = try await room.send("POST", "/comments/", body)
        #expect(answer.status == 200 && answer.body.contains(#""comment_text":"a""#))
        #expect(try await room.send("GET", "/comments/1").status == 404)
        let queue = try await room.send("GET", "/talks/\(talk)/comments?state=waiting", nil, [room.moderator])
        #expect(try [RoomComment].schema.decode(Array(queue.body.utf8)).map(\.state) == [.waiting])
        try await room.moderate(1, #"{"state":"shown"}"#)
        #expect(try await room.send("GET", "/comments/1").status == 200)
    }

    @Test("stage, pin and answer a comment; one is on the stage at a time", arguments: Room.Kind.all)
    func stage(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let ids = try await (room.post("one"), room.post("two"))
        let first = try await room.moderate(ids.0, #"{"stage":"now","pinned":true,"answer":"Yes"}"#)
        #expect(first.body.contains(#""stage":"now","pinned":true,"votes":0,"answer":"Yes""#))
        try await room.moderate(ids.1, #"{"stage":"now"}"#)
        let list = try await room.send("GET", "/talks/1/comments")
        let comments = try [RoomComment].schema.decode(Array(list.body.utf8))
        #expect(comments.map(\.stage) == [.queued, .now])
        #expect(comments.map(\.isPinned) == [true, false] && comments.map(\.answer) == ["Yes", nil])
        try await room.moderate(ids.0, #"{"answer":""}"#)
        let log = try await room.log(for: .audience)
        #expect(
            try await room.kinds() == ["created 1", "created 2", "stage 1", "stage 1", "stage 2", "stage 1"])
        #expect(log.changes[2].json.contains(#""answer":null"#))
        let hidden = try await room.moderate(ids.1, #"{"state":"hidden"}"#)
        #expect(hidden.body.contains(#""stage":"none""#))
        let refused = try await room.moderate(ids.1, #"{"stage":"now"}"#)
        #expect((refused.status, refused.body) == (409, #"{"detail":"The comment is not shown"}"#))
        #expect(try await room.moderate(ids.1, #"{"state":"shown","stage":"now"}"#).status == 200)
        #expect(try await room.moderate(9, #"{"stage":"now"}"#).status == 404)
        #expect(try await room.moderate(ids.1, #"{"stage":"x"}"#).status == 422)
    }

    @Test("that hide and restore at once leave the comment in one place", arguments: Room.Kind.all)
    func races(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let id = try await room.post("a")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let state = number % 2 == 0 ? "hidden" : "shown"
                    _ = try await room.moderate(id, #"{"state":"\#(state)"}"#)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await room.count("comment", "held_comment") == 1)
        let kinds = try await room.log().changes.map(\.change.kind).dropFirst()
        #expect(zip(kinds, kinds.dropFirst()).allSatisfy { $0 != $1 })
    }

    @Test("block a participant for a time", arguments: Room.Kind.all)
    func blocking(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        let token = "X-Voter-Token: a-token-of-its-own"
        let id = try await room.post("rude", headers: [token])
        let other = try await room.post("anonymous")
        let block = try await room.send("PUT", "/comments/\(id)/block", "{}", [room.moderator])
        #expect(block.status == 200 && block.body.hasPrefix(#"{"until":"20"#))
        let body = #"{"talk_id":1,"user_ip":"::1","comment_text":"again"}"#
        let refused = try await room.send("POST", "/comments/", body, [token])
        #expect(
            (refused.status, refused.body) == (403, #"{"detail":"A moderator has blocked you for a while"}"#))
        let wait = try #require(refused.headers[.retryAfter].flatMap { Int($0) })
        #expect((1...600).contains(wait))
        #expect(try await room.send("PUT", "/comments/\(other)/vote", nil, [token]).status == 403)
        #expect(try await room.send("POST", "/comments/", body).status == 200)
        #expect(try await room.send("DELETE", "/comments/\(id)/block", nil, [room.moderator]).status == 200)
        #expect(try await room.send("POST", "/comments/", body, [token]).status == 200)
        let unknown = try await room.send("PUT", "/comments/\(other)/block", "{}", [room.moderator])
        #expect(
            (unknown.status, unknown.body) == (
                409, #"{"detail":"The comment came without a participant's token"}"#
            ))
    }

    @Test("are those who are added as such, until they are disabled", arguments: Room.Kind.all)
    func role(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        #expect(try await room.send("PUT", "/talks/1", "{}", [room.moderator]).status == 404)
        #expect(try await room.send("PUT", "/talks/1", "{}", [room.user]).status == 403)
        #expect(try await room.send("GET", "/auth/me", nil, [room.user]).body.contains("bob"))
        #expect(try room.users.disable("ada"))
        #expect(try await room.send("PUT", "/talks/1", "{}", [room.moderator]).status == 401)
    }
}

@Suite("Authors", .serialized)
struct AuthorTests {
    private func owned(_ kind: Room.Kind = .sqlite, _ seconds: Int = 300) throws -> Room {
        try Room(kind) {
            $0.writes = .owner
            $0.editWindow = .seconds(seconds)
        }
    }

    private let body = #"{"talk_id":1,"user_ip":"::1","comment_text":"a"}"#
    private let update = #"{"comment_text":"b"}"#

    @Test("are anybody unless the service says otherwise", arguments: Room.Kind.all)
    func open(_ kind: Room.Kind) async throws {
        let room = try Room(kind)
        #expect(try await room.send("POST", "/comments/", body).headers[.commentToken] == nil)
        #expect(try await room.send("PUT", "/comments/1", update).status == 200)
        #expect(try await room.send("DELETE", "/comments/1").status == 200)
    }

    @Test(
        "change and delete their comments by the token that came with them, and nobody else's",
        arguments: Room.Kind.all)
    func tokens(_ kind: Room.Kind) async throws {
        let room = try owned(kind)
        let mine = try #require(try await room.send("POST", "/comments/", body).headers[.commentToken])
        let other = try #require(try await room.send("POST", "/comments/", body).headers[.commentToken])
        for token in [nil, other, mine + "x", String(mine.dropLast()), "x", "7fffffffffffffff.AAAA", ""] {
            let headers = token.map { ["X-Comment-Token: \($0)"] } ?? []
            let refused = try await room.send("PUT", "/comments/1", update, headers)
            #expect(
                (refused.status, refused.body)
                    == (403, #"{"detail":"Not the author of this comment, or too late"}"#), "\(token ?? "-")")
            #expect(try await room.send("DELETE", "/comments/1", nil, headers).status == 403)
        }
        #expect(try await room.send("PUT", "/comments/1", update, [room.user]).status == 403)
        #expect(try await room.send("PUT", "/comments/1", update, ["X-Comment-Token: \(mine)"]).status == 200)
        #expect(try await room.send("PUT", "/comments/1", update, [room.moderator]).status == 200)
        #expect(try await room.send("DELETE", "/comments/1", nil, ["X-Comment-Token: \(mine)"]).status == 200)
        #expect(try await room.send("DELETE", "/comments/1", nil, ["X-Comment-Token: \(mine)"]).status == 404)
    }

    @Test("have so much time, and the same token for a post that is sent again")
    func lateness() async throws {
        let room = try owned()
        let first = try await room.send("POST", "/comments/", body, ["Idempotency-Key: k"])
        let again = try await room.send("POST", "/comments/", body, ["Idempotency-Key: k"])
        #expect(first.headers[.commentToken] != nil)
        #expect(first.headers[.commentToken] == again.headers[.commentToken])
        let seal = CommentTokenSigner()
        let end = Timestamp(microseconds: 1_000_000)
        let token = seal.token(for: 7, until: end)
        #expect(seal.isGood(token, for: 7, at: Timestamp(microseconds: 999_999)))
        #expect(!seal.isGood(token, for: 7, at: end))
        #expect(!seal.isGood(token, for: 8, at: Timestamp(microseconds: 0)))
        #expect(!CommentTokenSigner().isGood(token, for: 7, at: Timestamp(microseconds: 0)))
        let later = seal.token(for: 7, until: Timestamp(microseconds: 2_000_000))
        #expect(!seal.isGood("1e8480." + token.split(separator: ".")[1], for: 7, at: end))
        #expect(seal.isGood(later, for: 7, at: end))
        let none = try owned(.sqlite, 0)
        let late = try #require(try await none.send("POST", "/comments/", body).headers[.commentToken])
        #expect(try await none.send("PUT", "/comments/1", update, ["X-Comment-Token: \(late)"]).status == 403)
    }

    @Test("reach what waits or was hidden, which stays so", arguments: Room.Kind.all)
    func held(_ kind: Room.Kind) async throws {
        let room = try owned(kind)
        let token = try #require(try await room.send("POST", "/comments/", body).headers[.commentToken])
        try await room.moderate(1, #"{"state":"hidden"}"#)
        let changed = try await room.send("PUT", "/comments/1", update, ["X-Comment-Token: \(token)"])
        #expect(changed.status == 200 && changed.body.contains(#""comment_text":"b""#))
        #expect(try await room.send("GET", "/comments/1").status == 404)
        #expect(try await room.log(for: .audience).changes.map(\.change.kind) == [.created, .hidden])
        #expect(
            try await room.send("DELETE", "/comments/1", nil, ["X-Comment-Token: \(token)"]).status == 200)
        #expect(try await room.kinds() == ["created 1", "hidden 1", "updated 1", "deleted 1"])
        #expect(try await room.log(for: .audience).newest == 2)
    }

    @Test("sign with a key that outlives the process")
    func key() throws {
        let room = try Room()
        let token = try CommentTokenSigner(room.database).token(for: 1, until: Timestamp(microseconds: 5))
        #expect(try CommentTokenSigner(room.database).isGood(token, for: 1, at: Timestamp(microseconds: 4)))
    }

    @Test("have of their addresses kept what the operator wants", arguments: AddressKeeping.allCases)
    func addresses(_ keeping: AddressKeeping) async throws {
        let room = try Room { $0.userIP = keeping }
        for (sent, network) in [
            ("192.0.2.77", "192.0.2.0"), ("2001:db8:1:2::3", "2001:db8:1::"), ("::1", "::"), ("nobody", ""),
            ("::ffff:192.0.2.77", "192.0.2.0"),
        ] {
            let body = #"{"talk_id":1,"user_ip":"\#(sent)","comment_text":"a"}"#
            let answer = try await room.send("POST", "/comments/", body)
            let kept = keeping == .keep ? sent : keeping == .truncate ? network : ""
            #expect(answer.body.contains(#""user_ip":"\#(kept)""#), "\(sent): \(answer.body)")
        }
    }
}
