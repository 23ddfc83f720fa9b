import Crane
import CraneService
import Foundation
import Testing

@testable import LiveTalk

@Suite("Settings that are nearly right")
struct NearlyRightSettingsTests {
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".env").path
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func refusal(_ body: () throws -> Settings) -> String {
        do {
            _ = try body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("count behind a byte order mark and in lower case")
    func taken() throws {
        try withFile("\u{FEFF}database_url=sqlite:///talks.db\nLiveTalk_Port=18000\n") { path in
            let settings = try Settings(file: path)
            #expect(settings.databaseURL == .file("talks.db"))
            #expect(settings.port == 18000)
        }
    }

    @Test(
        "are refused with their line when the name is only like a setting's",
        arguments: [
            "\u{200B}LIVETALK_PORT=1", "LIVETALK\u{00A0}PORT=1", "L\u{0406}VETALK_PORT=1", "DATABASE-URL=x",
            "DATABASE_ULR=x", "LIVTALK_PORT=1", "livetalk_prot=1",
            "database_url=sqlite://\nDATABASE_URL=sqlite://",
        ])
    func refused(_ text: String) throws {
        try withFile("A=1\n" + text + "\n") { path in
            let line = text.contains("\n") ? 3 : 2
            #expect(refusal { try Settings(file: path) }.contains("line \(line)"))
        }
    }

    @Test("are passed over when Kubernetes has made them for a Service of the same name")
    func serviceLinks() throws {
        let settings = try Settings(environment: [
            "LIVETALK_SERVICE_HOST": "10.0.0.1", "LIVETALK_SERVICE_PORT": "8000",
            "LIVETALK_SERVICE_PORT_HTTP": "8000", "LIVETALK_PORT": "tcp://10.0.0.1:8000",
            "LIVETALK_PORT_8000_TCP": "tcp://10.0.0.1:8000", "LIVETALK_PORT_8000_TCP_ADDR": "10.0.0.1",
            "LIVETALK_PORT_8000_TCP_PROTO": "tcp", "LIVETALK_WEB_PORT": "udp://10.0.0.1:53",
        ])
        #expect(settings.port == 8000)
        #expect(refusal { try Settings(environment: ["LIVETALK_PORT": "x"]) } != "")
    }

    @Test(
        "never show a password",
        arguments: [
            "postgresql://talk:s3cret@db.example.com/talk", "postgresql://talk:p@s3cret/x@db/talk",
            "redis://:s3cret@cache", "https://s3cret@host/", "talk:s3cret@db", "host=db password=s3cret",
            "postgresql://db/talk?user=talk&password=s3cret", "https://hooks.example/#whsec_s3cret",
            "whsec_s3cret",
        ])
    func secrets(_ value: String) {
        let line = refusal { try Settings(environment: ["LIVETALK_LOG_LEVEL": value]) }
        #expect(line.contains("***") && !line.contains("s3cret"))
        #expect(
            !Secrets.masked(message: "Unexpected argument '\(value)'").contains("s3cret")
                || value.contains(" "))
    }

    @Test(
        "show the names of files as they are",
        arguments: [
            "sqlite:///a@b.db", "sqlite:////srv/a@b/c:d.db", "/srv/a@b.db", "./a:b@c.db", "a@b.db",
        ])
    func paths(_ value: String) {
        #expect(Secrets.masked(value) == value)
        let message = "\(value): there is no such file"
        #expect(Secrets.masked(message: message) == message)
    }

    @Test("stay as they are when their file goes, or what is in it")
    func vanished() throws {
        try withFile("LIVETALK_RATE_LIMIT=2/60\n") { path in
            let sources = SettingsSources<Settings>(flags: [:], environment: [:], file: path)
            #expect(try sources.settings().rateLimit != nil)
            try Data().write(to: URL(filePath: path))
            #expect(refusal { try sources.settings() } == "\(path): there are no settings in it any more")
            try FileManager.default.removeItem(atPath: path)
            #expect(refusal { try sources.settings() } == "\(path): there is no such file")
        }
    }

    @Test("leave the demo routes out when they say so")
    func demoRoutes() async throws {
        var settings = Settings()
        settings.databaseURL = .memory
        settings.demoRoutes = false
        let app = try ServedTalk(settings, log: .standardError())
        defer { app.close() }
        let client = Client(responder: app.responder)
        #expect(try await client.send("GET", "/").status == 200)
        for path in ["/terrible-ping", "/good-ping", "/perfect-ping", "/limited", "/process"] {
            #expect(try await client.send("GET", path).status == 404)
        }
    }

    @Test("take the path of a Unix socket and its mode as chmod reads it")
    func unixSocket() throws {
        let settings = try Settings(environment: [
            "LIVETALK_UNIX_SOCKET": "/run/livetalk/web.sock", "LIVETALK_UNIX_SOCKET_MODE": "0600",
        ])
        #expect(settings.unixSocket == "/run/livetalk/web.sock")
        #expect(settings.unixSocketMode == 0o600)
        #expect(try Settings(environment: ["LIVETALK_UNIX_SOCKET": ""]).unixSocket == nil)
        let wrong = [
            "": ["a\0b", String(repeating: "x", count: 108)],
            "_MODE": ["", "66", "6600", "0888", "rw-", "-66", "+660", "1777"],
        ]
        for (name, values) in wrong {
            for value in values {
                #expect(throws: SettingsError.self) {
                    try Settings(environment: ["LIVETALK_UNIX_SOCKET\(name)": value])
                }
            }
        }
    }

    @Test("take the memory's budget in MiB")
    func memoryBudget() throws {
        #expect(Settings().memoryBudget == 256 << 20)
        #expect(try Settings(environment: ["LIVETALK_MEMORY_BUDGET": "64"]).memoryBudget == 64 << 20)
        for value in ["", "0", "15", "64M", "1048577", "-1", "9223372036854775807"] {
            #expect(throws: SettingsError.self) {
                try Settings(environment: ["LIVETALK_MEMORY_BUDGET": value])
            }
        }
    }
}
