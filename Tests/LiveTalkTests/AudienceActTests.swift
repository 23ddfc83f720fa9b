import Crane
import CraneSchema
import CraneService
import HTTPTypes
import TestSupport
import Testing

@testable import LiveTalk

@Suite("The audience's acts", .serialized)
struct AudienceActTests {
    @Test("posts a comment without a script, once, and leads to it", arguments: Room.Kind.all)
    func posting(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        var visitor = Visitor(room)
        let answer = try await visitor.post(
            "text=What+now%3F&name=Mira&key=k1", to: "/t/swift?sort=newest&lang=de")
        #expect(answer.status == 303 && answer.headers[.location] == "/t/swift?sort=newest&lang=de#c1")
        let cookie = try #require(answer.headers[.setCookie])
        #expect(
            cookie.hasPrefix("livetalk_voter=") && cookie.contains("HttpOnly")
                && cookie.contains("SameSite=lax"))
        // The same form again, from the reload of a browser.
        #expect(
            try await visitor.post("text=What+now%3F&name=Mira&key=k1").headers[.location] == "/t/swift#c1")
        let page = try await visitor.get().body
        #expect(rows(page).list == [1] && page.contains("<p class=\"text\">What now?</p>"))
        #expect(
            page.contains("Yours") && page.contains("name=\"delete\" value=\"1\"")
                && page.contains("1\u{A0}question "))
        // Others see the name, and nothing to change.
        let other = try await Visitor(room).get().body
        #expect(
            other.contains("<bdi class=\"who\">Mira</bdi>") && !other.contains("name=\"delete\" value=\"1\""))
        #expect(try await room.send("GET", "/talks/1/comments").body.contains(#""name":"Mira""#))
    }

    @Test(
        "posts once from another network too, and another text with the same key not at all",
        arguments: Room.Kind.all)
    func keys(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        var visitor = Visitor(room)
        _ = try await visitor.post("text=a&key=k")
        var elsewhere = room.client
        elsewhere.peer = PeerAddress(ip: IPAddress("198.51.100.9"), port: 1)
        let headers = ["Content-Type: application/x-www-form-urlencoded", "Cookie: \(visitor.cookie ?? "")"]
        let again = try await elsewhere.send(
            "POST", "/t/swift", headers: headers, body: Array("text=a&key=k".utf8))
        #expect(again.status == 303 && again.headers[.location] == "/t/swift#c1")
        #expect(try await visitor.post("text=b&key=k").status == 422)
        #expect(try await rows(visitor.get().body).list == [1])
    }

    @Test("votes once and takes it back without a script", arguments: Room.Kind.all)
    func votes(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        try await room.post("a")
        var visitor = Visitor(room)
        for _ in 0..<2 {
            #expect(try await visitor.post("vote=1").headers[.location] == "/t/swift#c1")
            let page = try await visitor.get().body
            #expect(
                page.contains(
                    "name=\"unvote\" value=\"1\" aria-pressed=\"true\" aria-label=\"Vote, 1 so far\"><b>1</b>"
                ))
        }
        #expect(
            try await Visitor(room).get().body.contains("name=\"vote\" value=\"1\" aria-pressed=\"false\""))
        _ = try await visitor.post("unvote=1")
        #expect(
            try await visitor.get().body.contains(
                "name=\"vote\" value=\"1\" aria-pressed=\"false\" aria-label=\"Vote, 0 so far\""))
        #expect(try await visitor.post("vote=77").status == 404)
    }

    @Test("changes and deletes a comment for its author alone, and for a while", arguments: Room.Kind.all)
    func changes(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        var visitor = Visitor(room)
        var other = Visitor(room)
        let id = try await visitor.ask("one")
        _ = try await other.ask("two")
        let form = try await visitor.get("/t/swift?edit=\(id)").body
        #expect(
            form.contains("<input type=\"hidden\" name=\"edit\" value=\"1\">")
                && form.contains("\none</textarea>"))
        #expect(try await other.get("/t/swift?edit=\(id)").body.contains("name=\"edit\"") == false)
        #expect(try await other.post("edit=\(id)&text=mine").status == 403)
        #expect(try await other.post("delete=\(id)").status == 403)
        #expect(try await visitor.post("edit=\(id)&text=three").headers[.location] == "/t/swift#c1")
        #expect(try await visitor.get().body.contains("<p class=\"text\">three</p>"))
        #expect(try await visitor.post("delete=\(id)").headers[.location] == "/t/swift")
        #expect(try await rows(visitor.get().body).list == [2])
        // Of another talk it is not there at all.
        try await room.talk("other")
        #expect(try await other.post("delete=2", to: "/t/other").status == 404)
        let late = try await Room.withTalk(kind) { $0.editWindow = .zero }
        var late1 = Visitor(late)
        let old = try await late1.ask("x")
        #expect(try await late1.post("delete=\(old)").status == 403)
        #expect(try await late1.get().body.contains("name=\"delete\" value=\"1\"") == false)
    }

    @Test("refuses what another site's page sends", arguments: Room.Kind.all)
    func otherSites(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        var visitor = Visitor(room)
        for headers in [["Sec-Fetch-Site: cross-site"], ["Origin: https://evil.example"], ["Origin: null"]] {
            #expect(try await visitor.post("text=x", headers).status == 403)
            #expect(try await visitor.post("vote=1", headers).status == 403)
        }
        #expect(try await rows(visitor.get().body).list == [])
        #expect(try await visitor.post("text=x", ["Origin: http://testserver"]).status == 303)
    }

    @Test(
        "keeps what was written when it cannot be taken, and says why",
        arguments: [
            ("text=+%0D%0A", 422, "There is no text yet."),
            ("text=" + String(repeating: "x", count: 301), 422, "too long"),
            ("text=x&name=" + String(repeating: "n", count: 41), 422, "too long"),
        ])
    func refused(form: String, status: Int, text: String) async throws {
        let room = try await Room.withTalk()
        var visitor = Visitor(room)
        let answer = try await visitor.post(form)
        #expect(
            answer.status == status && answer.body.contains("role=\"alert\">") && answer.body.contains(text))
        #expect(answer.body.contains("\nx") == form.contains("=x"))
        let script = try await visitor.post(form, ["Accept: application/json"])
        #expect(script.status == status && script.body.hasPrefix("{\"detail\":"))
    }

    @Test("counts three hundred characters with a line end as scripts do", arguments: Room.Kind.all)
    func longest(_ kind: Room.Kind) async throws {
        var visitor = Visitor(try await Room.withTalk(kind))
        _ = try await visitor.ask(
            String(repeating: "x", count: 149) + "%0D%0A" + String(repeating: "y", count: 150))
    }

    @Test("tells a script in JSON what has become of its acts", arguments: Room.Kind.all)
    func scripts(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        var visitor = Visitor(room)
        let json = ["Accept: application/json", "Sec-Fetch-Site: same-origin"]
        let posted = try await visitor.post("text=a&name=M", json)
        #expect(
            posted.status == 200
                && posted.body.hasPrefix(#"{"comment":{"id":1,"talk_id":1,"comment_text":"a","name":"M","#))
        #expect(try await visitor.post("vote=1", json).body == #"{"votes":1,"voted":true}"#)
        #expect(try await visitor.post("unvote=1", json).body == #"{"votes":0,"voted":false}"#)
        #expect(try await visitor.post("edit=1&text=b", json).body.contains(#""comment_text":"b""#))
        #expect(try await visitor.post("delete=1", json).body == #"{"deleted":1}"#)
        #expect(try await visitor.post("delete=1", json).status == 404)
    }

    @Test("of a closed talk shows what was said and takes nothing", arguments: Room.Kind.all)
    func closed(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind)
        try await room.post("a")
        _ = try await room.send("PUT", "/talks/1", #"{"state":"closed"}"#, [room.moderator])
        var visitor = Visitor(room)
        let page = try await visitor.get().body
        #expect(
            page.contains("This talk is closed") && !page.contains("<textarea")
                && page.contains("disabled><b>0</b>"))
        let answer = try await visitor.post("text=x")
        #expect(answer.status == 409 && answer.body.contains("role=\"alert\"") == false)
        #expect(try await visitor.post("vote=1", ["Accept: application/json"]).status == 409)
    }

    @Test("shuts out whom a moderator has blocked, and whoever is too fast", arguments: Room.Kind.all)
    func shutOut(_ kind: Room.Kind) async throws {
        let room = try await Room.withTalk(kind) { $0.participantRate = RateRule(count: 2, seconds: 60) }
        var visitor = Visitor(room)
        let id = try await visitor.ask("a")
        _ = try await room.send("PUT", "/comments/\(id)/block", #"{"seconds":60}"#, [room.moderator])
        let blocked = try await visitor.post("text=b")
        #expect(blocked.status == 403 && blocked.body.contains("A moderator has paused you"))
        #expect(blocked.headers[.retryAfter] != nil)
        let fast = try await visitor.post("text=c")
        #expect(fast.status == 429 && fast.body.contains("too fast") && fast.headers[.retryAfter] != nil)
    }
}
