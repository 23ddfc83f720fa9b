import Crane
import CraneService
import Foundation
import Logging
import Testing

@testable import LiveTalk

@Suite("Settings")
struct SettingsTests {
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".env").path
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func refusal(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil,
        required: Bool = false
    ) -> String? {
        do {
            _ = try Settings(flags: flags, environment: environment, file: file, required: required)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("have the defaults of the manual")
    func defaults() {
        let settings = Settings()
        #expect(settings.databaseURL == .file("comments.db"))
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8000)
        #expect(settings.workers == 1)
        #expect(
            settings.allowedHosts == [
                "localhost", "127.0.0.1", "yourapp.com", "0.0.0.0", "testserver", "[::1]",
            ])
        #expect(settings.corsAllowOrigins == ["*"])
        #expect(settings.corsAllowCredentials)
        #expect(settings.rateLimit == nil)
        #expect(settings.accessLog == .standardError)
        #expect(settings.logLevel == .info)
        #expect(settings.sqliteSynchronous == .full)
        #expect(!settings.demoUser)
        #expect(settings.pingDelay == .milliseconds(50))
        #expect(!settings.benchmarkRoutes)
        #expect(settings.writes == .open && settings.editWindow == .seconds(300) && settings.userIP == .keep)
        #expect(settings.participantRate == nil && settings.networkRate == nil)
        #expect(settings.feedLifetime == .seconds(7 * 86400))
        #expect(settings.controlSocket == .usual)
    }

    @Test("say who writes, what is kept and where commands come in")
    func rooms() throws {
        let settings = try Settings(environment: [
            "LIVETALK_WRITES": "owner", "LIVETALK_EDIT_SECONDS": "60", "LIVETALK_USER_IP": "Truncate",
            "LIVETALK_PARTICIPANT_RATE": "30/60", "LIVETALK_NETWORK_RATE": "600/60",
            "LIVETALK_FEED_DAYS": "2",
            "LIVETALK_CONTROL_SOCKET": "/run/x.sock",
        ])
        #expect(
            settings.writes == .owner && settings.editWindow == .seconds(60) && settings.userIP == .truncate)
        #expect(settings.participantRate == RateRule(count: 30, seconds: 60))
        #expect(settings.networkRate == RateRule(count: 600, seconds: 60))
        #expect(settings.feedLifetime == .seconds(2 * 86400))
        #expect(settings.controlSocket(environment: ["RUNTIME_DIRECTORY": "/run/a"]) == "/run/x.sock")
        var usual = try Settings(environment: ["DATABASE_URL": "sqlite:////a/b.db"])
        #expect(usual.controlSocket(environment: [:]) == "/a/b.db-control")
        #expect(
            usual.controlSocket(environment: ["RUNTIME_DIRECTORY": "/run/a:/run/b"]) == "/run/a/control.sock")
        usual.databaseURL = .memory
        #expect(usual.controlSocket(environment: [:]) == nil)
        let off = try Settings(environment: ["LIVETALK_CONTROL_SOCKET": "off"])
        #expect(off.controlSocket(environment: ["RUNTIME_DIRECTORY": "/run/a"]) == nil)
        for (name, value) in [
            ("LIVETALK_WRITES", "all"), ("LIVETALK_EDIT_SECONDS", "-1"), ("LIVETALK_USER_IP", "hash"),
            ("LIVETALK_NETWORK_RATE", "x"), ("LIVETALK_FEED_DAYS", "0"),
            ("LIVETALK_CONTROL_SOCKET", String(repeating: "x", count: 108)),
        ] {
            #expect(refusal(environment: [name: value])?.contains(name) == true)
        }
    }

    @Test("come from flags before the environment, the environment before the file, the file before defaults")
    func precedence() throws {
        try withFile("LIVETALK_PORT=1\nLIVETALK_HOST=file\nLIVETALK_WORKERS=3\nOTHER=x") { path in
            let settings = try Settings(
                flags: ["LIVETALK_PORT": "3"],
                environment: ["LIVETALK_PORT": "2", "LIVETALK_HOST": "environment", "HOME": "/"], file: path)
            #expect(settings.port == 3)
            #expect(settings.host == "environment")
            #expect(settings.workers == 3)
            #expect(settings.logFormat == .text)
        }
    }

    @Test("read every value of the manual")
    func values() throws {
        let settings = try Settings(environment: [
            "DATABASE_URL": "sqlite:////var/lib/x.db", "LIVETALK_WORKERS": "auto",
            "LIVETALK_ALLOWED_HOSTS": "a.b, *.c.d", "LIVETALK_CORS_ALLOW_ORIGINS": "",
            "LIVETALK_CORS_ALLOW_METHODS": "GET,PUT", "LIVETALK_CORS_ALLOW_CREDENTIALS": "False",
            "LIVETALK_RATE_LIMIT": "100/60", "LIVETALK_ACCESS_LOG": "/var/log/x.log",
            "LIVETALK_LOG_LEVEL": "Debug", "LIVETALK_LOG_FORMAT": "json",
            "LIVETALK_SQLITE_SYNCHRONOUS": "normal", "LIVETALK_DEMO_USER": "true",
            "LIVETALK_PING_SECONDS": "0.25", "LIVETALK_PROCESSED_FILE": "out.txt",
        ])
        #expect(settings.databaseURL == .file("/var/lib/x.db"))
        #expect((1...256).contains(settings.workers))
        #expect(settings.allowedHosts == ["a.b", "*.c.d"])
        #expect(settings.corsAllowOrigins == [])
        #expect(settings.corsAllowMethods == ["GET", "PUT"])
        #expect(!settings.corsAllowCredentials)
        #expect(settings.rateLimit == RateRule(count: 100, seconds: 60))
        #expect(settings.accessLog == .file("/var/log/x.log"))
        #expect(settings.logLevel == .debug)
        #expect(settings.logFormat == .json)
        #expect(settings.sqliteSynchronous == .normal)
        #expect(settings.demoUser)
        #expect(settings.pingDelay == .milliseconds(250))
        #expect(settings.processedFile == "out.txt")
        #expect(try Settings(environment: ["LIVETALK_ALLOWED_HOSTS": "*"]).allowedHosts == nil)
    }

    @Test(
        "read the database's address as SQLAlchemy does",
        arguments: [
            ("sqlite:///a.db", DatabaseURL.file("a.db")), ("sqlite:///a/b.db", .file("a/b.db")),
            ("sqlite:////a.db", .file("/a.db")), ("sqlite://", .memory), ("sqlite:///:memory:", .memory),
        ])
    func databases(_ text: String, _ expected: DatabaseURL) {
        #expect(DatabaseURL(text) == expected)
    }

    @Test(
        "refuse a malformed value and name it",
        arguments: [
            ("LIVETALK_PORT", "abc"), ("LIVETALK_PORT", "65536"), ("LIVETALK_PORT", "-1"),
            ("LIVETALK_PORT", ""),
            ("LIVETALK_HOST", ""), ("LIVETALK_WORKERS", "0"), ("LIVETALK_WORKERS", "many"),
            ("LIVETALK_ALLOWED_HOSTS", ""), ("LIVETALK_ALLOWED_HOSTS", " , "),
            ("LIVETALK_CORS_ALLOW_CREDENTIALS", "maybe"), ("LIVETALK_RATE_LIMIT", "5"),
            ("LIVETALK_RATE_LIMIT", "0/60"), ("LIVETALK_RATE_LIMIT", "5/0"), ("LIVETALK_RATE_LIMIT", "5/1/2"),
            ("LIVETALK_ACCESS_LOG", ""), ("LIVETALK_LOG_LEVEL", "loud"), ("LIVETALK_LOG_FORMAT", "xml"),
            ("LIVETALK_TRUSTED_PROXIES", "10.0.0.0/33"), ("LIVETALK_TRUSTED_PROXIES", "host"),
            ("LIVETALK_SQLITE_SYNCHRONOUS", "OFF"), ("LIVETALK_PING_SECONDS", "-1"),
            ("LIVETALK_PING_SECONDS", "nan"), ("LIVETALK_PING_SECONDS", "1s"), ("LIVETALK_DEMO_USER", ""),
            ("DATABASE_URL", "mysql://x/y"), ("DATABASE_URL", "comments.db"),
            ("DATABASE_URL", "sqlite://a.db"), ("DATABASE_URL", "sqlite:///a.db?mode=ro"),
        ])
    func malformed(_ name: String, _ value: String) throws {
        let error = try #require(refusal(environment: [name: value]))
        #expect(error.hasPrefix("\(name)=\"\(value)\" in the environment: expected "))
    }

    @Test(
        "refuse a value that could never be of use, and name it",
        arguments: [
            "LIVETALK_ALLOWED_HOSTS": [
                "*.*.b", "a*b", "**", "*a", "*.", "*.*", "a.*", "https://a.b", "a.b:8000", "a b", "a..b",
                ".a",
                "[::1", "::1]", "[::1]:80", "[a]", "[1.2.3.4]", "1.2.3.0/24", "a/b", "a.b,*.*.b", "*,a*b",
                "grüße.de",
            ],
            "LIVETALK_CORS_ALLOW_ORIGINS": [
                "a.b", "://", "https://", "://a.b", "https://a.b/", "https://a.b/c", "https://a.b:",
                "https://a.b:0",
                "https://a.b:x", "https://a.b:+1", "https://a b", "https://*.b", "https://*", "**",
                "HTTPS://a.b",
                "https://::1", "h ttps://a.b", "https://u@a.b", "https://a.b?c", "*,a.b",
            ],
            "LIVETALK_CORS_ALLOW_METHODS": ["GET POST", "GE(T", "GET;PUT", "GET,\"PUT\""],
            "LIVETALK_CORS_ALLOW_HEADERS": ["X Y", "Content-Type:", "a/b", "é"],
            "LIVETALK_HOST": ["[::1]", "http://a.b", "a:80", "a b", "*", "1.2.3.0/24", "%eth0"],
        ])
    func useless(_ name: String, _ values: [String]) throws {
        for value in values {
            let error = try #require(refusal(environment: [name: value]), "\(value)")
            #expect(
                error.hasPrefix(
                    "\(name)=\(String(reflecting: Secrets.masked(value))) in the environment: expected "))
            #expect(!error.contains("\n"))
        }
    }

    @Test(
        "take what can be of use",
        arguments: [
            "LIVETALK_ALLOWED_HOSTS": [
                "*", "*.b", "*.a.b,*", "a,A-1.b_c.", "127.0.0.1", "::1", "[::1]", "xn--gre-6ka8m.de", "a,,b",
            ],
            "LIVETALK_CORS_ALLOW_ORIGINS": [
                "", "*", "null", "https://a.b", "http://localhost:3000", "http://[::1]:80", "http://[::1]",
                "chrome-extension://abc", "https://a.b, https://c.d:8443",
            ],
            "LIVETALK_CORS_ALLOW_METHODS": ["", "*", "GET,PUT"],
            "LIVETALK_CORS_ALLOW_HEADERS": ["", "*", "Content-Type, X-Own"],
            "LIVETALK_HOST": ["::1", "::", "0.0.0.0", "localhost", "a.b", "fe80::1%eth0"],
        ])
    func useful(_ name: String, _ values: [String]) {
        for value in values { #expect(refusal(environment: [name: value]) == nil, "\(name)=\(value)") }
    }

    @Test("have `auto` make sixteen loops at most")
    func autoWorkers() throws {
        let workers = try Settings(environment: ["LIVETALK_WORKERS": "auto"]).workers
        #expect(workers == min(Processors.available, 16))
    }

    @Test("say which flag, which variable or which line of which file is wrong")
    func sources() throws {
        #expect(
            refusal(flags: ["LIVETALK_PORT": "x"]) == "--port \"x\": expected a port from 0 to 65535")
        #expect(
            refusal(environment: ["LIVETALK_PORT": "x"])
                == "LIVETALK_PORT=\"x\" in the environment: expected a port from 0 to 65535")
        try withFile("# first\nLIVETALK_PORT=x\n") { path in
            #expect(
                refusal(file: path)
                    == "LIVETALK_PORT=\"x\" in \(path), line 2: expected a port from 0 to 65535")
        }
    }

    @Test("refuse an unknown LIVETALK_ name, and say which one was meant")
    func unknown() throws {
        #expect(
            refusal(environment: ["LIVETALK_PROT": "1"])
                == "LIVETALK_PROT in the environment is not a setting; did you mean LIVETALK_PORT?")
        #expect(
            refusal(environment: ["LIVETALK_COLOUR_OF_THE_SKY": "1"])
                == "LIVETALK_COLOUR_OF_THE_SKY in the environment is not a setting")
        try withFile("A=1\nLIVETALK_HOSTS=x\n") { path in
            #expect(
                refusal(file: path)
                    == "LIVETALK_HOSTS in \(path), line 2 is not a setting; did you mean LIVETALK_HOST?")
        }
    }

    @Test("do without a file unless it was asked for")
    func missingFile() {
        #expect(refusal(file: "/nonexistent/.env") == nil)
        #expect(
            refusal(file: "/nonexistent/.env", required: true) == "/nonexistent/.env: there is no such file")
        #expect(refusal(file: "/") == "/: Is a directory")
    }

    @Test("report a broken file by line")
    func brokenFile() throws {
        try withFile("A=1\nB='x") { path in
            #expect(refusal(file: path) == "\(path), line 2: the quote is never closed")
        }
    }
}
