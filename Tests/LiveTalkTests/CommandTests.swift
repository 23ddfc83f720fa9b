import Foundation
import TestSupport
import Testing

@Suite("The command", .ownThreads, .timeLimit(.minutes(1)))
struct CommandTests {
    @Test(
        "explains itself on standard output",
        arguments: [["--help"], ["serve", "--help"], ["help", "serve"], []])
    func help(_ arguments: [String]) throws {
        let outcome = try CommandProcess(arguments).outcome()
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE: livetalk"))
        #expect(outcome.errors.isEmpty)
    }

    @Test("tells its version")
    func version() throws {
        let outcome = try CommandProcess(["--version"]).outcome()
        #expect(outcome.status == 0)
        #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test(
        "says in one line what is wrong, and fails",
        arguments: [
            (["serve", "--prot", "1"], [:], "--prot"),
            (["serf"], [:], "serf"),
            (["serve", "--port"], [:], "--port"),
            (["serve", "--port", "x"], [:], "--port \"x\": expected a port from 0 to 65535"),
            (["serve", "--workers", "0"], [:], "--workers"),
            (["serve"], ["LIVETALK_PORT": "x"], "LIVETALK_PORT=\"x\" in the environment"),
            (["serve"], ["LIVETALK_PROT": "1"], "did you mean LIVETALK_PORT?"),
            (["serve", "--env-file", "none.env"], [:], "none.env: there is no such file"),
            (["serve", "--database-url", "sqlite:////nonexistent/x.db"], [:], "sqlite:////nonexistent/x.db"),
            (["serve", "--database-url", "sqlite:////dev/null"], [:], "sqlite:////dev/null"),
            (["serve", "--database-url", "mysql://x"], [:], "--database-url \"mysql://x\": expected"),
            (["serve", "--access-log", "/nonexistent/x.log", "--database-url", "sqlite://"], [:], "x.log"),
            (["serve", "--host", "host.invalid", "--database-url", "sqlite://"], [:], "host.invalid"),
        ] as [([String], [String: String], String)])
    func failures(_ arguments: [String], _ environment: [String: String], _ part: String) throws {
        let outcome = try CommandProcess(arguments, environment: environment).outcome()
        #expect(outcome.status != 0)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("livetalk: "))
        #expect(outcome.errors.contains(part))
        #expect(outcome.errors.hasSuffix("\n") && outcome.errors.filter { $0 == "\n" }.count == 1)
    }

    @Test(
        "takes a flag and its value as two arguments or as one, the last one of several",
        arguments: [
            ("--host", "host.invalid"), ("--port", "x"), ("--workers", "0"), ("--allowed-hosts", "a/b"),
            ("--unix-socket", String(repeating: "x", count: 200)), ("--database-url", "mysql://x"),
            ("--rate-limit", "much"), ("--trusted-proxies", "here"), ("--access-log", "/nonexistent/x"),
            ("--log-level", "loud"), ("--log-format", "xml"), ("--env-file", "none.env"),
        ])
    func flagForms(_ flag: String, _ value: String) throws {
        let rest = flag == "--database-url" ? [] : ["--database-url", "sqlite://"]
        let plain = try CommandProcess(["serve"] + rest + [flag, value]).outcome()
        #expect(plain.status == 1)
        #expect(plain.errors.contains(value.prefix(50)))
        for other in [["\(flag)=\(value)"], [flag, "1", flag, value], ["\(flag)=1", flag, value]] {
            #expect(try CommandProcess(["serve"] + rest + other).outcome() == plain)
        }
    }

    @Test(
        "reads what is not plain as ever",
        arguments: [
            (["serve", "--prot", "1"], 64, "Unknown option '--prot'. Did you mean '--port'?"),
            (["serve", "--port", "-1"], 64, "Missing value for '--port <port>'"),
            (["serve", "--port", "1", "x"], 64, "Unexpected argument 'x'"),
            (["serve", "--host", "--port", "1"], 64, "Missing value for '--host <host>'"),
            (["serve", "--port", "1", "--version"], 0, "0.1.0"),
            (["serve", "--port", "1", "--help"], 0, "USAGE: livetalk serve [--host <host>]"),
        ] as [([String], Int32, String)])
    func notPlain(_ arguments: [String], _ status: Int32, _ part: String) throws {
        let outcome = try CommandProcess(arguments).outcome()
        #expect(outcome.status == status)
        #expect((status == 0 ? outcome.output : outcome.errors).contains(part))
    }

    @Test("says that the port is taken")
    func takenPort() throws {
        let other = try PlainSocket()
        for workers in ["1", "2"] {
            let outcome = try CommandProcess([
                "serve", "--port", "\(other.port)", "--workers", workers, "--database-url", "sqlite://",
            ]).outcome()
            #expect(outcome.status == 1)
            #expect(outcome.errors.hasPrefix("livetalk: cannot listen on 127.0.0.1:\(other.port): "))
            #expect(outcome.errors.filter { $0 == "\n" }.count == 1)
        }
    }

    @Test(
        "serves comments until it is told to end, and has them when it starts again",
        arguments: [SIGTERM, SIGINT])
    func serves(_ signal: Int32) throws {
        let database = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".db").path
        defer { try? FileManager.default.removeItem(atPath: database) }
        let arguments = ["serve", "--port", "0", "--database-url", "sqlite:///\(database)"]
        let body = #"{"talk_id":1,"user_ip":"::1","comment_text":"hi"}"#
        let first = try CommandProcess(arguments)
        let created = try PlainSocket(to: first.port()).exchange("POST", "/comments/", json: body)
        #expect(created.hasPrefix("HTTP/1.1 200 OK\r\n"))
        first.signal(signal)
        let outcome = first.outcome()
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains(" - POST - /comments/ - 200 completed after "))
        // The WAL has gone into the file.
        #expect(!FileManager.default.fileExists(atPath: database + "-wal"))

        let second = try CommandProcess(arguments + ["--workers", "2"])
        let port = try second.port()
        for _ in 1...4 {
            let read = try PlainSocket(to: port).exchange("GET", "/comments/1")
            #expect(read.contains(#""comment_text":"hi""#))
        }
        let changes = try PlainSocket(to: port).exchange("GET", "/talks/1/changes?after=0&wait=0")
        #expect(changes.contains(#""seq":1,"prev":0,"kind":"created""#))
        let metrics = try PlainSocket(to: port).exchange("GET", "/metrics")
        #expect(metrics.contains("\nlivetalk_database_writes_total "))
        #expect(metrics.contains("\nlivetalk_feed_subscribers 0\n"))
        #expect(metrics.contains(/\nlivetalk_feed_pages_total [1-9]/))
        second.signal(signal)
        #expect(second.outcome().status == 0)
    }

    @Test("reads the file .env of its directory, below the environment")
    func dotEnv() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".env")
        try Data("LIVETALK_PORT=x\nLIVETALK_BENCHMARK_ROUTES=true\nDATABASE_URL=sqlite://\n".utf8).write(
            to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let broken = try CommandProcess(["serve", "--env-file", file.path]).outcome()
        #expect(broken.errors.contains("LIVETALK_PORT=\"x\" in \(file.path), line 1"))
        try Data("LIVETALK_PORT=1\nLIVETALK_BENCHMARK_ROUTES=true\nDATABASE_URL=sqlite://\n".utf8).write(
            to: file)
        let process = try CommandProcess(
            ["serve", "--env-file", file.path], environment: ["LIVETALK_PORT": "0"])
        let answer = try PlainSocket(to: process.port()).exchange("GET", "/plaintext")
        #expect(answer.hasSuffix("\r\n\r\nHello, World!"))
        process.signal(SIGTERM)
        let outcome = process.outcome()
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("LIVETALK_BENCHMARK_ROUTES"))
    }

    @Test("does without standard input and output")
    func closedDescriptors() throws {
        let process = try CommandProcess(["serve", "--port", "0"], redirection: "<&- >&-")
        let port = try process.port()
        let body = #"{"talk_id":1,"user_ip":"::1","comment_text":"hi"}"#
        #expect(try PlainSocket(to: port).exchange("POST", "/comments/", json: body).contains(" 200 OK"))
        #expect(try PlainSocket(to: port).exchange("GET", "/comments/1").contains(#""comment_text":"hi""#))
        process.signal(SIGTERM)
        #expect(process.outcome().status == 0)
    }

    @Test("logs requests as JSON lines when asked")
    func jsonLog() throws {
        let process = try CommandProcess(["serve", "--port", "0", "--log-format", "json"])
        _ = try PlainSocket(to: process.port()).exchange("GET", "/comments/7?x=1")
        process.signal(SIGTERM)
        let errors = process.outcome().errors
        #expect(errors.contains(#""path":"/comments/7","route":"/comments/{comment_id}","status":404"#))
    }
}
