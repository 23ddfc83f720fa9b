import Crane
import CraneService
import Foundation
import Logging
import Testing

@testable import LiveTalk

@Suite("A reload")
struct ReloadTests {
    @Test("takes what can change, keeps the rest, and names both")
    func taken() {
        var new = Settings()
        new.logLevel = .debug
        new.allowedHosts = nil
        new.corsAllowOrigins = ["https://a.example"]
        new.rateLimit = RateRule(count: 5, seconds: 60)
        new.port = 9000
        new.workers = 4
        let reload = Settings().reloaded(from: new)
        #expect(reload.settings.logLevel == .debug)
        #expect(reload.settings.allowedHosts == nil)
        #expect(reload.settings.corsAllowOrigins == ["https://a.example"])
        #expect(reload.settings.rateLimit == new.rateLimit)
        #expect(reload.settings.port == 8000)
        #expect(reload.settings.workers == 1)
        #expect(
            reload.description
                == "reloaded; changed LIVETALK_ALLOWED_HOSTS, LIVETALK_CORS_ALLOW_ORIGINS, LIVETALK_RATE_LIMIT, "
                + "LIVETALK_LOG_LEVEL; needs a restart: LIVETALK_PORT, LIVETALK_WORKERS")
        #expect(Settings().reloaded(from: Settings()).description == "reloaded; nothing changed")
    }

    @Test("finds a changed file behind a variable that came from the file, but not behind one of its own")
    func environmentFile() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: file) }
        func write(_ text: String) throws { try text.write(toFile: file, atomically: true, encoding: .utf8) }
        try write("LIVETALK_RATE_LIMIT=100/60\nLIVETALK_LOG_LEVEL=info\n")
        let sources = SettingsSources<Settings>(
            flags: [:], environment: ["LIVETALK_RATE_LIMIT": "100/60", "LIVETALK_LOG_LEVEL": "error"],
            file: file)
        #expect(try sources.settings().rateLimit == RateRule(count: 100, seconds: 60))
        try write("LIVETALK_RATE_LIMIT=7/60\nLIVETALK_LOG_LEVEL=debug\n")
        #expect(try sources.settings().rateLimit == RateRule(count: 7, seconds: 60))
        #expect(try sources.settings().logLevel == .error)
        try write("LIVETALK_RATE_LIMIT=many\n")
        #expect(throws: SettingsError.self) { try sources.settings() }
    }

    @Test("answers by new hosts and limits, and forgets nobody's count while the limit stays")
    func responder() async throws {
        var settings = Settings()
        settings.databaseURL = .memory
        settings.rateLimit = RateRule(count: 2, seconds: 3600)
        let app = try ServedTalk(settings, log: .standardError())
        defer { app.close() }
        #expect(try await Client(responder: app.responder).send("GET", "/").status == 200)
        settings.allowedHosts = ["other.example"]
        settings.logLevel = .error
        let second = Client(responder: app.responder(for: settings))
        #expect(app.logger.logLevel == .error)
        #expect(try await second.send("GET", "/").status == 400)
        #expect(try await second.send("GET", "/", host: "other.example").status == 200)
        #expect(try await second.send("GET", "/", host: "other.example").status == 429)
        settings.rateLimit = nil
        let third = Client(responder: app.responder(for: settings))
        #expect(try await third.send("GET", "/", host: "other.example").status == 200)
    }

    @Test("forgets nobody who has asked for /limited")
    func limited() async throws {
        var settings = Settings()
        settings.databaseURL = .memory
        let app = try ServedTalk(settings, log: .standardError())
        defer { app.close() }
        let first = Client(responder: app.responder)
        for _ in 0..<5 { #expect(try await first.send("GET", "/limited").status == 200) }
        let second = Client(responder: app.responder(for: settings))
        #expect(try await second.send("GET", "/limited").status == 429)
    }
}
