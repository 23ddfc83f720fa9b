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
