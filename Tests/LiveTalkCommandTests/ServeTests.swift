import Foundation
import Synchronization
import TestSupport
import Testing

/// The command as its users meet it: a real process, real sockets, real signals.
@Suite(.ownThreads) struct ServeTests {
    @Test("a fresh service answers, keeps a comment over a restart, and ends with 0 on SIGTERM")
    func restart() throws {
        let folder = TemporaryFolder()
        let first = try LiveTalkProcess(database: folder.database)
        let client = try HTTPClient(port: first.port)
        #expect(try client.request("GET", "/").body == #"{"message":"Hello, World!"}"#)
        let posted = try client.request(
            "POST", "/comments/", json: #"{"talk_id":1,"user_ip":"::1","comment_text":"kept"}"#)
        #expect(posted.status == 200)
        #expect(first.end(SIGTERM) == 0)
        let second = try LiveTalkProcess(database: folder.database)
        #expect(try HTTPClient(port: second.port).request("GET", "/comments/1").body == posted.body)
        #expect(second.end(SIGINT) == 0)
    }

    @Test("a page of megabytes comes whole and leaves the connection as it was")
    func longPage() throws {
        let folder = TemporaryFolder()
        let service = try LiveTalkProcess(database: folder.database)
        let client = try HTTPClient(port: service.port)
        let text = String(repeating: "z", count: 50_000)
        let comment = #"{"talk_id":1,"user_ip":"::1","comment_text":"\#(text)"}"#
        for _ in 0..<40 { #expect(try client.request("POST", "/comments/", json: comment).status == 200) }
        let page = try client.request("GET", "/comments/")
        #expect(page.status == 200)
        let parsed = try JSONSerialization.jsonObject(with: Data(page.body.utf8)) as? [[String: Any]]
        #expect(parsed?.map { $0["comment_text"] as? String } == Array(repeating: text, count: 40))
        let found = try client.request("GET", "/search/comments?q=\(text.prefix(20))*")
        #expect(found.status == 200 && found.body.utf8.count > 20 * 50_000)
        #expect(try client.request("GET", "/comments/40").body.hasPrefix(#"{"id":40,"#))
    }

    @Test(
        "a service on a Unix socket is asked there, has the file's mode, takes the place of a dead one and of no living one"
    )
    func unixSocket() throws {
        let folder = TemporaryFolder()
        let path = "\(folder.path)/web.sock"
        let environment = ["LIVETALK_UNIX_SOCKET": path, "LIVETALK_UNIX_SOCKET_MODE": "600"]
        func start() throws -> LiveTalkProcess {
            try LiveTalkProcess(database: folder.database, environment: environment)
        }
        func health(_ arguments: [String] = []) throws -> LiveTalkProcess.Outcome {
            try LiveTalkProcess.run(["health"] + arguments, environment: environment)
        }
        let killed = try start()
        #expect(try health().status == 0)
        #expect(try health(["--port", "1"]).error == "livetalk: 127.0.0.1:1: Connection refused\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        _ = killed.end(SIGKILL)
        #expect(try health().error == "livetalk: unix:\(path): Connection refused\n")
        let second = try start()
        #expect(try health(["--unix-socket", path]).status == 0)
        let other = try LiveTalkProcess.run(
            ["serve", "--database-url", "sqlite://", "--unix-socket", path])
        #expect(
            other.error.contains("cannot listen on unix:\(path): address already in use"), "\(other.error)")
        #expect(try health().status == 0)
        #expect(second.end(SIGTERM) == 0)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("libcurl is loaded where there are webhooks, and one that cannot be is told at the start")
    func clientLibrary() throws {
        let folder = TemporaryFolder()
        let webhooks = [
            "LIVETALK_WEBHOOKS": "http://127.0.0.1:9/hook#whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
        ]
        func maps(_ environment: [String: String]) throws -> String {
            let service = try LiveTalkProcess(database: folder.database, environment: environment)
            let path = "/proc/\(service.process.processIdentifier)/maps"
            // The file has no size: it is read to its end.
            let maps = try #require(FileHandle(forReadingAtPath: path)).readDataToEndOfFile()
            #expect(service.end(SIGTERM) == 0)
            return String(decoding: maps, as: UTF8.self)
        }
        let without = try maps([:])
        #expect(without.contains("libsqlite3.so") && !without.contains("libcurl.so"))
        #expect(!without.contains("libpq.so"))
        #expect(try maps(webhooks).contains("libcurl.so.4"))
        // The loader takes the first file of that name, and it is none.
        try Data().write(to: URL(fileURLWithPath: folder.path + "/libcurl.so.4"))
        let broken = try LiveTalkProcess.run(
            ["serve", "--port", "0", "--database-url", folder.database],
            environment: webhooks.merging(["LD_LIBRARY_PATH": folder.path]) { $1 })
        #expect(broken.status == 1)
        #expect(
            broken.error.contains("LIVETALK_WEBHOOKS: libcurl cannot be loaded: ")
                && broken.error.contains("libcurl.so.4"), "\(broken.error)")
    }

    @Test("a libpq that cannot be loaded is told at the start where the database is a PostgreSQL")
    func databaseLibrary() throws {
        let folder = TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/libpq.so.5"))
        let broken = try LiveTalkProcess.run(
            ["serve", "--port", "0", "--database-url", "postgresql://127.0.0.1:9/livetalk"],
            environment: ["LD_LIBRARY_PATH": folder.path])
        #expect(broken.status == 1)
        // A build without PostgreSQL says that it is one.
        let says = ["libpq cannot be loaded: ", "was built without PostgreSQL"]
        #expect(says.contains { broken.error.contains($0) }, "\(broken.error)")
        #expect(broken.error.split(separator: "\n").count == 1, "\(broken.error)")
    }

    @Test("mistakes of the operator are one line on standard error and a status that is not 0")
    func mistakes() throws {
        let folder = TemporaryFolder()
        let running = try LiveTalkProcess(database: folder.database)
        let other = "sqlite:///\(folder.path)/other.db"
        let taken = ["serve", "--port", "\(running.port)", "--database-url", other]
        let cases: [(arguments: [String], environment: [String: String], says: String)] = [
            (taken, [:], "\(running.port)"),
            (["serve", "--port", "0", "--database-url", folder.database], [:], "comments.db"),
            (
                ["serve", "--port", "0", "--database-url", "sqlite:////proc/none/x.db"], [:],
                "/proc/none/x.db"
            ),
            (
                ["serve", "--port", "0", "--database-url", other], ["LIVETALK_COLOUR": "red"],
                "LIVETALK_COLOUR"
            ),
            (
                ["serve", "--port", "0", "--database-url", other], ["LIVETALK_WORKERS": "many"],
                "LIVETALK_WORKERS"
            ),
            (["serve", "--port", "99999"], [:], "99999"),
        ]
        for (arguments, environment, says) in cases {
            let outcome = try LiveTalkProcess.run(arguments, environment: environment)
            #expect(outcome.status != 0)
            let lines = outcome.error.split(separator: "\n")
            #expect(lines.first?.contains(says) == true, "\(outcome.error)")
            #expect(lines.count == 1, "\(outcome.error)")
        }
        #expect(try LiveTalkProcess.run(["serve", "--no-such-flag"]).status != 0)
        #expect(try LiveTalkProcess.run(["--version"]).error.contains("0.1"))
    }

    @Test("a second service is refused also when somebody has removed the file with SQLite's locks")
    func locksRemoved() throws {
        let folder = TemporaryFolder()
        let running = try LiveTalkProcess(database: folder.database)
        try FileManager.default.removeItem(atPath: "\(folder.path)/comments.db-shm")
        let outcome = try LiveTalkProcess.run(["serve", "--port", "0", "--database-url", folder.database])
        #expect(outcome.status != 0 && outcome.error.contains("another process"), "\(outcome.error)")
        #expect(running.end(SIGTERM) == 0)
    }

    @Test("threads that the system does not give are one line and a status that is not 0")
    func threads() throws {
        let folder = TemporaryFolder()
        // The stacks of so many loops take more memory than there may be; those of the workers do not.
        let outcome = try LiveTalkProcess.run(
            ["serve", "--port", "0", "--workers", "128", "--database-url", folder.database],
            limits: ["--stack=134217728", "--as=12884901888"])
        #expect(outcome.status == 1)
        let line = outcome.error.firstMatch(of: /^livetalk: cannot start the thread loop-\d+: [^\n]+\n$/)
        #expect(line != nil, "\(outcome.error)")
    }

    @Test("readers and writers together see neither a server error nor a locked database")
    func mixed() throws {
        let folder = TemporaryFolder()
        let service = try LiveTalkProcess(database: folder.database, arguments: ["--workers", "2"])
        let port = service.port
        // SERVE_TEST_REQUESTS=20000 is about the half minute of the long form.
        let requests = ProcessInfo.processInfo.environment["SERVE_TEST_REQUESTS"].flatMap { Int($0) } ?? 60
        let failures = Mutex<[String]>([])
        run(clients: 64) { client in
            do {
                let connection = try HTTPClient(port: port)
                for number in 0..<requests {
                    let answer =
                        switch number % 4 {
                        case 0:
                            try connection.request(
                                "POST", "/comments/",
                                json: #"{"talk_id":\#(client),"user_ip":"::1","comment_text":"c \#(number)"}"#
                            )
                        case 1:
                            try connection.request(
                                "PUT", "/comments/\(client + 1)",
                                json: #"{"comment_text":"changed \#(number)"}"#)
                        case 2: try connection.request("GET", "/comments/?talk_id=\(client)&limit=20")
                        default: try connection.request("GET", "/comments/\(number + 1)")
                        }
                    if answer.status >= 500 {
                        failures.withLock { $0.append("\(answer.status) \(answer.body)") }
                    }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(service.end(SIGTERM) == 0)
    }

    @Test(
        "no request that was accepted goes unanswered when the service ends under load, no WebSocket without its code",
        arguments: [(SIGTERM, 1001), (SIGUSR2, 1012)])
    func drained(_ signal: Int32, _ code: Int) throws {
        let folder = TemporaryFolder()
        let service = try LiveTalkProcess(database: folder.database, arguments: ["--workers", "2"])
        let port = service.port
        let answered = Mutex(0)
        let enough = DispatchSemaphore(value: 0)
        let sockets = try (0..<50).map { _ in try HTTPClient(port: port) }
        for socket in sockets { try socket.openWebSocket("/chat") }
        run(clients: 16) { client in
            while true {
                do {
                    let connection = try HTTPClient(port: port)
                    // A client that was not given its core for long may find its connection closed while it idled.
                    while !connection.hasEnded {
                        let answer =
                            client % 2 == 0
                            ? try connection.request("GET", "/")
                            : try connection.request(
                                "POST", "/comments/",
                                json: #"{"talk_id":1,"user_ip":"::1","comment_text":"x"}"#)
                        #expect(answer.status == 200)
                        let count = answered.withLock {
                            $0 += 1
                            return $0
                        }
                        if count == 500 { enough.signal() }
                        if answer.closes { break }
                    }
                } catch HTTPClient.Failure.refused {
                    return
                } catch {
                    Issue.record("client \(client): \(error)")
                    return
                }
            }
        } while: {
            enough.wait()
            kill(service.process.processIdentifier, signal)
            #expect(sockets.map { try? $0.closeCode() } == Array(repeating: code, count: 50))
            service.process.waitUntilExit()
            #expect(service.process.terminationStatus == 0)
        }
    }

    /// Runs `body` on a thread for each client, `meanwhile` on this one, and waits for all.
    private func run(
        clients: Int, _ body: @escaping @Sendable (Int) -> Void, while meanwhile: () -> Void = {}
    ) {
        let group = DispatchGroup()
        for client in 0..<clients {
            group.enter()
            Thread {
                body(client)
                group.leave()
            }.start()
        }
        meanwhile()
        group.wait()
    }
}
