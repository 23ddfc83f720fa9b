import Crane
import CraneService
import HTTPTypes
import Testing

@testable import LiveTalk

@Suite("The application")
struct AppTests {
    private func settings(_ change: (inout Settings) -> Void = { _ in }) -> Settings {
        var settings = Settings()
        change(&settings)
        return settings
    }

    @Test("greets")
    func root() async throws {
        let answer = try await Client().send("GET", "/")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(answer.body == #"{"message":"Hello, World!"}"#)
    }

    @Test("has the benchmark's routes only when asked")
    func benchmarkRoutes() async throws {
        for target in ["/plaintext", "/json"] {
            #expect(try await Client().send("GET", target).status == 404)
        }
        let client = try Client(settings { $0.benchmarkRoutes = true })
        let text = try await client.send("GET", "/plaintext")
        #expect(text.body == "Hello, World!")
        #expect(text.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(try await client.send("GET", "/json").body == #"{"message":"Hello, World!"}"#)
    }

    @Test("puts CORS fields on every response to another origin, refusals included")
    func crossOrigin() async throws {
        let client = try Client(settings { $0.rateLimit = RateRule(count: 4, seconds: 60) })
        let origin = ["Origin: http://a.b"]
        for (target, status) in [
            ("/", 200), ("/nope", 404), ("/comments/x", 422), ("/comments", 307), ("/", 429),
        ] {
            let answer = try await client.send("GET", target, headers: origin)
            #expect(answer.status == status)
            #expect(answer.headers[.accessControlAllowOrigin] == "http://a.b")
        }
        let stranger = try await client.send("GET", "/", host: "evil.com", headers: origin)
        #expect(stranger.status == 400)
        #expect(stranger.headers[.accessControlAllowOrigin] == "http://a.b")
        #expect(stranger.headers[.vary] == "Origin")
        let exposed = stranger.headers[.accessControlExposeHeaders]
        #expect(
            exposed == "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, X-Comment-Token, X-Request-ID")
    }

    @Test("can do without CORS")
    func noCORS() async throws {
        let client = try Client(settings { $0.corsAllowOrigins = [] })
        let answer = try await client.send("GET", "/", headers: ["Origin: http://a.b"])
        #expect(answer.headers[.accessControlAllowOrigin] == nil)
    }

    @Test("answers hosts it does not know with 400")
    func hosts() async throws {
        let client = try Client()
        let refused = try await client.send("GET", "/", host: "evil.com")
        #expect(refused.status == 400)
        #expect(refused.body == "Invalid host header")
        for host in ["localhost", "127.0.0.1:80", "YOURAPP.com", "[::1]:8000", "testserver"] {
            #expect(try await client.send("GET", "/", host: host).status == 200)
        }
        let open = try Client(settings { $0.allowedHosts = nil })
        #expect(try await open.send("GET", "/", host: "evil.com").status == 200)
    }

    @Test("redirects to the path with or without its last slash")
    func slash() async throws {
        let client = try Client()
        let answer = try await client.send("POST", "/comments?x=1", json: "{}")
        #expect(answer.status == 307)
        #expect(answer.headers[.location] == "/comments/?x=1")
        #expect(try await client.send("GET", "/comments/1/").headers[.location] == "/comments/1")
    }

    @Test("names every method of a path")
    func methods() async throws {
        let client = try Client()
        let answer = try await client.send("PATCH", "/comments/1", json: "{}")
        #expect(answer.status == 405)
        #expect(answer.body == #"{"detail":"Method Not Allowed"}"#)
        let allowed = Set((answer.headers[.allow] ?? "").split(separator: ", ").map(String.init))
        #expect(allowed == ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
        #expect(try await client.send("OPTIONS", "/comments/").status == 204)
        #expect(try await client.send("HEAD", "/comments/").status == 200)
    }

    @Test("puts itself together from its settings, and says why it cannot")
    func assembly() throws {
        let log = LogSink.standardError()
        let app = try ServedTalk(settings { $0.databaseURL = .memory }, log: log)
        #expect(
            app.migrations == [
                "1 comments", "2 users", "3 search", "4 blocks", "5 idempotency keys", "6 search words",
                "7 key digests", "8 changes", "9 talks", "10 room", "11 author names", "12 inserts",
                "13 celery", "14 jobs", "15 totals",
            ])
        app.close()
        for (change, part): (@Sendable (inout Settings) -> Void, String) in [
            ({ $0.databaseURL = .file("/nonexistent/x.db") }, "sqlite:////nonexistent/x.db"),
            (
                {
                    $0.databaseURL = .memory
                    $0.accessLog = .file("/nonexistent/x.log")
                }, "/nonexistent/x.log"
            ),
        ] {
            let error = #expect(throws: StartError.self) { try ServedTalk(settings(change), log: log) }
            #expect(error?.description.contains(part) == true)
            #expect(error?.description.contains("\n") == false)
        }
    }
}
