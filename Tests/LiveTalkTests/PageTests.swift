import Crane
import CraneSchema
import CraneService
import CraneTemplates
import HTTPTypes
import Testing

@testable import LiveTalk

@Suite("The pages")
struct PageTests {
    @Test(
        "have templates that can all be parsed",
        arguments: ["talks", "missing", "audience", "stage", "moderate", "login", "new"])
    func templates(name: String) throws {
        try PageFiles.templates.check(name)
    }

    @Test("have the same strings in every language")
    func languages() throws {
        func names(_ value: JSONValue) throws -> [String] {
            guard case .object(let members) = value else {
                Issue.record("no object: \(value)")
                return []
            }
            return members.map(\.key).sorted()
        }
        let english = try #require(PageStrings.of("en"))
        for language in PageStrings.languages {
            let strings = try #require(PageStrings.of(language))
            #expect(strings.text("lang") == language)
            #expect(try names(strings.members) == names(english.members))
            #expect(try names(strings.members["js"] ?? nil) == names(english.members["js"] ?? nil))
        }
    }

    @Test(
        "speak the language that is asked for, or that the browser prefers",
        arguments: [
            ("", "", "en"), ("", "de", "de"), ("", "de-AT,en;q=0.7", "de"),
            ("", "fr, de;q=0.5, en;q=0.6", "en"),
            ("", "de;q=0", "en"), ("?lang=de", "en", "de"), ("?lang=xx", "de", "de"), ("?lang=", "fr", "en"),
        ])
    func language(query: String, field: String, language: String) async throws {
        let answer = try await Room().send("GET", "/live\(query)", nil, ["Accept-Language: \(field)"])
        #expect(answer.body.contains("<html lang=\"\(language)\">"))
        #expect(answer.headers[.vary]?.contains("Accept-Language") == true)
    }

    @Test("load and run nothing but their own files")
    func policy() async throws {
        let room = try Room()
        let answer = try await room.send("GET", "/live")
        #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
        let policy = answer.headers[.contentSecurityPolicy] ?? ""
        for part in [
            "default-src 'none'", "script-src 'self'", "style-src 'self'",
            "connect-src 'self' ws://testserver;",
            "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ] {
            #expect(policy.contains(part), "\(part)")
        }
        for address in answer.body.matches(of: /(?:href|src)="([^"]*)"/).map({ String($0.1) }) {
            #expect(address.hasPrefix("/") || address == "data:,", "\(address)")
            guard address.hasPrefix("/static/") else { continue }
            let file = try await room.client.send("GET", address)
            #expect(file.status == 200 && file.headers[.cacheControl]?.contains("immutable") == true)
        }
        #expect(!answer.body.contains(/\son\w+=|\sstyle=|<style/))
    }

    @Test("name no host in the policy that is more than one")
    func hostInPolicy() async throws {
        let room = try Room { $0.server.allowedHosts = ["*"] }
        let answer = try await room.client.send("GET", "/live", host: "a;script-src*")
        #expect(answer.headers[.contentSecurityPolicy]?.contains("connect-src 'self';") == true)
    }

    @Test("are kept by a browser until they change")
    func conditional() async throws {
        let room = try Room()
        let tag = try #require(try await room.send("GET", "/live").headers[.eTag])
        #expect(try await room.send("GET", "/live", nil, ["If-None-Match: \(tag)"]).status == 304)
        try await room.talk()
        #expect(try await room.send("GET", "/live", nil, ["If-None-Match: \(tag)"]).status == 200)
    }

    @Test("stand in no OpenAPI document, and change no answer of the talk's")
    func beside() async throws {
        let room = try Room()
        let document = try await room.send("GET", "/openapi.json").body
        #expect(!document.contains("/live\"") || !document.contains("\"/live\""))
        #expect(!document.contains("\"/static"))
        let root = try await room.send("GET", "/", nil, ["Accept: text/html"])
        #expect(root.body == #"{"message":"Hello, World!"}"#)
    }
}

@Suite("The page of the talks")
struct TalksPageTests {
    @Test("has those that are on, that come and that were, each by its words")
    func sections() async throws {
        let room = try Room()
        try await room.talk("on", #","speaker":"Ada""#)
        try await room.talk("later", #","starts_at":"2999-01-01T10:30:00Z""#)
        try await room.talk("long-ago", #","starts_at":"2001-01-01T10:30:00Z""#)
        let closed = try await room.talk("closed")
        _ = try await room.send("PUT", "/talks/\(closed)", #"{"state":"closed"}"#, [room.moderator])
        try await room.post("a", talk: 1)
        let page = try await room.send("GET", "/live").body
        let order = page.matches(of: /<h2>(\w+)<\/h2>|href="\/t\/([a-z-]+)"/).map {
            String($0.1 ?? $0.2 ?? "")
        }
        #expect(order == ["Now", "on", "Next", "later", "Earlier", "closed", "long-ago"])
        #expect(page.contains("<bdi>Ada</bdi> · 1 question<"))
        #expect(page.contains("2999-01-01 10:30 UTC") && page.contains("0 questions · closed"))
        #expect(try await room.send("GET", "/live?lang=de").body.contains("href=\"/t/on?lang=de\""))
    }

    @Test("says that there is none, and takes a title for text")
    func texts() async throws {
        let room = try Room()
        #expect(try await room.send("GET", "/live").body.contains("No talks yet"))
        _ = try await room.send(
            "POST", "/talks/", #"{"slug":"x","title":"<img src=x onerror=alert(1)>","speaker":"\"><b>"}"#,
            [room.moderator])
        let page = try await room.send("GET", "/live").body
        #expect(page.contains("&lt;img src=x onerror=alert(1)&gt;") && page.contains("&quot;&gt;&lt;b&gt;"))
        #expect(!page.contains("<img"))
    }

    @Test("leads on to older talks")
    func paging() async throws {
        let room = try Room()
        for number in 1...TalksPage.length + 1 { try await room.talk("t\(number)") }
        let page = try await room.send("GET", "/live").body
        #expect(page.contains("href=\"/live?offset=100\"") && !page.contains("href=\"/t/t1\""))
        let next = try await room.send("GET", "/live?offset=100").body
        #expect(next.contains("href=\"/t/t1\"") && !next.contains("offset="))
    }
}

/// Somebody in the room with a browser that runs no scripts.
private struct Visitor {
    let room: Room
    /// The cookie that the browser keeps.
    var cookie: String?

    init(_ room: Room) { self.room = room }

    func get(_ target: String = "/t/swift") async throws -> Client.Answer {
        try await room.send("GET", target, nil, cookie.map { ["Cookie: \($0)"] } ?? [])
    }

    mutating func post(
        _ form: String, to target: String = "/t/swift", _ headers: [String] = ["Sec-Fetch-Site: same-origin"]
    ) async throws -> Client.Answer {
        let fields =
            ["Content-Type: application/x-www-form-urlencoded"] + (cookie.map { ["Cookie: \($0)"] } ?? [])
        let answer = try await room.client.send(
            "POST", target, headers: fields + headers, body: Array(form.utf8))
        if let set = answer.headers[.setCookie] { cookie = String(set.prefix { $0 != ";" }) }
        return answer
    }

    /// Posts a comment; its id.
    mutating func ask(_ text: String, _ more: String = "") async throws -> Int {
        let answer = try await post("text=\(text)\(more)")
        try #require(answer.status == 303, "\(answer)")
        return try #require(answer.headers[.location]?.firstMatch(of: /#c(\d+)/).flatMap { Int($0.1) })
    }
}

@Suite("The audience's page")
struct AudiencePageTests {
    private func room(_ change: (inout Settings) -> Void = { _ in }) async throws -> Room {
        let room = try Room(change)
        try await room.talk("swift")
        return room
    }

    /// The ids of the rows in their order; that of the stage and those of the list.
    private func rows(_ page: String) -> (stage: [Int], list: [Int]) {
        func ids(_ part: some StringProtocol) -> [Int] {
            String(part).matches(of: /<li class="q[^"]*" id="c(\d+)"/).compactMap { Int($0.1) }
        }
        let parts = page.split(separator: "<ol id=\"list\">", maxSplits: 1)
        return (ids(parts.first ?? ""), ids(parts.last?.prefix { _ in true } ?? ""))
    }

    @Test("is not there for a talk that is not, and says so in HTML")
    func missing() async throws {
        let answer = try await room().send("GET", "/t/none?lang=de")
        #expect(answer.status == 404 && answer.body.contains("Diese Seite gibt es nicht"))
        #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
    }

    @Test("posts a comment without a script, once, and leads to it")
    func posting() async throws {
        let room = try await room()
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

    @Test("posts once from another network too, and another text with the same key not at all")
    func keys() async throws {
        let room = try await room()
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

    @Test("votes once and takes it back without a script")
    func votes() async throws {
        let room = try await room()
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

    @Test("changes and deletes a comment for its author alone, and for a while")
    func changes() async throws {
        let room = try await room()
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
        let late = try await self.room { $0.editWindow = .zero }
        var late1 = Visitor(late)
        let old = try await late1.ask("x")
        #expect(try await late1.post("delete=\(old)").status == 403)
        #expect(try await late1.get().body.contains("name=\"delete\" value=\"1\"") == false)
    }

    @Test("refuses what another site's page sends")
    func otherSites() async throws {
        let room = try await room()
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
        let room = try await room()
        var visitor = Visitor(room)
        let answer = try await visitor.post(form)
        #expect(
            answer.status == status && answer.body.contains("role=\"alert\">") && answer.body.contains(text))
        #expect(answer.body.contains("\nx") == form.contains("=x"))
        let script = try await visitor.post(form, ["Accept: application/json"])
        #expect(script.status == status && script.body.hasPrefix("{\"detail\":"))
    }

    @Test("counts three hundred characters with a line end as scripts do")
    func longest() async throws {
        var visitor = Visitor(try await room())
        _ = try await visitor.ask(
            String(repeating: "x", count: 149) + "%0D%0A" + String(repeating: "y", count: 150))
    }

    @Test("tells a script in JSON what has become of its acts")
    func scripts() async throws {
        let room = try await room()
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

    @Test(
        "shows pinned ones first, the own of the last minutes behind, answered ones last, and what is on the stage above"
    )
    func order() async throws {
        let room = try await room()
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

    @Test("shows what waits to its author alone, and the numbers of what waits and is hidden to all")
    func waiting() async throws {
        let room = try Room()
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

    @Test("of a closed talk shows what was said and takes nothing")
    func closed() async throws {
        let room = try await room()
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

    @Test("shuts out whom a moderator has blocked, and whoever is too fast")
    func shutOut() async throws {
        let room = try await room { $0.participantRate = RateRule(count: 2, seconds: 60) }
        var visitor = Visitor(room)
        let id = try await visitor.ask("a")
        _ = try await room.send("PUT", "/comments/\(id)/block", #"{"seconds":60}"#, [room.moderator])
        let blocked = try await visitor.post("text=b")
        #expect(blocked.status == 403 && blocked.body.contains("A moderator has paused you"))
        #expect(blocked.headers[.retryAfter] != nil)
        let fast = try await visitor.post("text=c")
        #expect(fast.status == 429 && fast.body.contains("too fast") && fast.headers[.retryAfter] != nil)
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

    @Test("is read in parts by links")
    func paging() async throws {
        let room = try await room()
        for number in 0..<60 { try await room.post("n\(number)") }
        let page = try await Visitor(room).get("/t/swift?sort=newest").body
        #expect(rows(page).list == Array((11...60).reversed()))
        #expect(page.contains("href=\"/t/swift?sort=newest&amp;offset=50\""))
        let next = try await Visitor(room).get("/t/swift?sort=newest&offset=50").body
        #expect(rows(next).list == Array((1...10).reversed()) && !next.contains("offset=100"))
    }

    @Test("carries the position of its feed, and is short")
    func position() async throws {
        let room = try await room()
        for number in 0..<50 {
            try await room.post("Question \(number): what would you do again, and what not?")
        }
        let page = try await Visitor(room).get().body
        let log = try room.log(for: .audience)
        #expect(page.contains("\"position\":\"\(log.epoch)-\(log.newest)\""))
        #expect(page.utf8.count < 30_000, "\(page.utf8.count)")
    }
}

extension Visitor {
    /// Votes as somebody new.
    fileprivate func voting(_ id: Int) async throws -> Int {
        var visitor = self
        return try await visitor.post("vote=\(id)").status
    }
}
