import CranePasswords
import CraneSQLite
import CraneService
import HTTPTypes
import Testing

@testable import LiveTalk

@Suite("The moderators' page")
struct ModeratePageTests {
    private static let page = "/t/swift/moderate"
    private let room: Room

    init() async throws {
        room = try Room()
        try await room.talk("swift", #","moderation":"before""#)
        try await room.post("is it secret?")
        let users = SQLiteUserStore(room.database)
        let hash = try #require(PasswordHash(of: "a long password"))
        _ = try #require(try users.add("eve", hash, isModerator: true))
        _ = try #require(try users.add("tom", hash))
    }

    private func post(
        _ form: String, _ headers: [String] = [], to page: String = ModeratePageTests.page
    ) async throws -> Client.Answer {
        try await room.client.send(
            "POST", page, headers: ["Content-Type: application/x-www-form-urlencoded"] + headers,
            body: Array(form.utf8))
    }

    /// The cookie of a moderator who has logged in.
    private func login() async throws -> String {
        let answer = try await post("username=eve&password=a+long+password", ["Sec-Fetch-Site: same-origin"])
        #expect((answer.status, answer.headers[.location]) == (303, Self.page))
        let set = try #require(answer.headers[.setCookie])
        #expect(set.contains("HttpOnly") && set.contains("SameSite=strict") && set.contains("Max-Age=43200"))
        return "Cookie: " + set.prefix { $0 != ";" }
    }

    private func read(_ headers: [String]) async throws -> String {
        let answer = try await room.send("GET", Self.page, nil, headers)
        #expect(answer.status == 200 && answer.headers[.cacheControl] == "no-store")
        return answer.body
    }

    @Test("asks strangers for a moderator's name and password, and shows them nothing")
    func strangers() async throws {
        #expect(try await room.send("GET", "/t/none/moderate").status == 404)
        for headers in [[], [room.moderator], ["Cookie: livetalk_session=user-token"]] {
            let page = try await read(headers)
            #expect(page.contains("<form class=\"login\"") && !page.contains("secret"))
        }
        let wrong = try await post("username=eve&password=x")
        #expect(wrong.status == 403 && wrong.body.contains("No moderator has this name"))
        #expect(wrong.body.contains("value=\"eve\"") && wrong.headers[.setCookie] == nil)
        let other = try await post("username=tom&password=a+long+password")
        #expect(other.status == 403 && other.body.contains("This user is no moderator"))
        #expect(other.headers[.setCookie] == nil)
    }

    @Test("shows a moderator what waits, and ends the session at the logout")
    func session() async throws {
        let cookie = try await login()
        let page = try await read([cookie])
        #expect(page.contains("is it secret?") && page.contains("(<bdi>eve</bdi>)"))
        let out = try await post("logout=1", [cookie, "Sec-Fetch-Site: same-origin"])
        #expect(out.status == 303 && out.headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(!(try await read([cookie])).contains("secret"))
        let act = try await room.send("PUT", "/comments/1/state", #"{"state":"shown"}"#, [cookie])
        #expect(act.status == 401)
    }

    @Test("lets its session act and read as a moderator, from its own origin alone")
    func origins() async throws {
        let cookie = try await login()
        let own = [["Sec-Fetch-Site: same-origin"], ["Origin: http://testserver"], []]
        let foreign = [
            ["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-site"],
            ["Origin: http://testserver:81"], ["Origin: http://evil.example"], ["Origin: null"],
        ]
        for headers in own {
            let act = try await room.send(
                "PUT", "/comments/1/state", #"{"pinned":false}"#, [cookie] + headers)
            #expect(act.status == 200, "\(headers)")
            #expect(
                try await room.send("GET", "/talks/1/comments?state=waiting", nil, [cookie] + headers)
                    .body.contains("secret"), "\(headers)")
        }
        for headers in foreign {
            for (method, target, body) in [
                ("PUT", "/comments/1/state", #"{"state":"shown"}"#), ("DELETE", "/talks/1", nil),
                ("GET", "/talks/1/comments?state=waiting", nil),
                ("GET", "/talks/1/changes?role=moderator", nil),
            ] as [(String, String, String?)] {
                let answer = try await room.send(method, target, body, [cookie] + headers)
                #expect(answer.status == 403, "\(method) \(target) \(headers)")
            }
            #expect(!(try await read([cookie] + headers)).contains("secret"), "\(headers)")
            let login = try await post("username=eve&password=a+long+password", headers)
            #expect(login.status == 403 && login.headers[.setCookie] == nil, "\(headers)")
        }
    }

    @Test("lets a session change and delete what is held back")
    func editing() async throws {
        let cookie = try await login()
        let edit = try await room.send("PUT", "/comments/1", #"{"comment_text":"mended"}"#, [cookie])
        #expect(edit.status == 200)
        #expect(try await read([cookie]).contains("mended"))
        #expect(try await room.send("DELETE", "/comments/1", nil, [cookie]).status == 200)
        #expect(!(try await read([cookie])).contains("mended"))
        #expect(try await room.send("PUT", "/comments/1", #"{"comment_text":"x"}"#).status == 404)
    }

    @Test("makes a talk for a moderator, and says what is wrong with one")
    func making() async throws {
        let stranger = try await room.send("GET", "/live/new")
        #expect(stranger.status == 200 && stranger.body.contains("class=\"login\""))
        let refused = try await post("title=A&slug=a", to: "/live/new")
        #expect(refused.status == 403 && refused.body.contains("name=\"password\""))
        let cookie = try await login()
        #expect(try await room.send("GET", "/live/new", nil, [cookie]).body.contains("name=\"slug\""))
        for (form, status, text) in [
            ("title=A&slug=swift", 409, "Another talk has this address."),
            ("title=A&slug=A+B", 422, "The title or the address"), ("title=&slug=a", 422, "The title"),
        ] {
            let answer = try await post(form, [cookie], to: "/live/new")
            #expect(answer.status == status && answer.body.contains(text), "\(form)")
        }
        let made = try await post(
            "title=A+%3Cb%3E&slug=a&speaker=&moderation=before", [cookie], to: "/live/new")
        #expect((made.status, made.headers[.location]) == (303, "/t/a/moderate"))
        let talk = try await room.send("GET", "/talks/2")
        #expect(talk.body.contains(#""title":"A <b>","speaker":null"#))
        #expect(talk.body.contains(#""moderation":"before""#))
        let foreign = try await post(
            "title=B&slug=b", [cookie, "Sec-Fetch-Site: same-site"], to: "/live/new")
        #expect(foreign.status == 403)
    }

    @Test("holds up those who try passwords")
    func rate() async throws {
        let room = try Room { $0.failedLogins = .init(count: 1, seconds: 60) }
        try await room.talk("swift")
        func attempt() async throws -> Client.Answer {
            try await room.client.send(
                "POST", Self.page, headers: ["Content-Type: application/x-www-form-urlencoded"],
                body: Array("username=eve&password=x".utf8))
        }
        #expect(try await attempt().status == 403)
        let answer = try await attempt()
        #expect(answer.status == 429 && answer.headers[.retryAfter] != nil)
        #expect(answer.body.contains("Too many wrong passwords"))
    }
}
