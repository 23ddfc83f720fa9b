import CraneSQLite
import Foundation
import Synchronization
import TestSupport
import Testing

/// One database that is served, killed and served again: short in `swift test`, long with `CRASH_TEST_KILLS=200`.
@Suite(.ownThreads) struct CrashTests {
    /// What the clients have been promised, by id.
    private final class Promises: Sendable {
        private let texts = Mutex<[Int: String]>([:])

        /// Notes a response; how many there are now.
        func note(_ id: Int, _ text: String) -> Int {
            texts.withLock { texts in
                texts[id] = text
                return texts.count
            }
        }

        var all: [Int: String] { texts.withLock { $0 } }
    }

    @Test("no answered comment is lost and no file damaged however often the service is killed")
    func killed() throws {
        let rounds = ProcessInfo.processInfo.environment["CRASH_TEST_KILLS"].flatMap { Int($0) } ?? 10
        let folder = TemporaryFolder()
        var slowest = Duration.zero
        var promised = 0
        var before = Promises()
        for round in 0..<rounds {
            let start = ContinuousClock.now
            let service = try LiveTalkProcess(database: folder.database, arguments: ["--workers", "2"])
            slowest = max(slowest, start.duration(to: .now))
            try expect(before, at: service.port)
            let check = try LiveTalkProcess.run(["check", "--database-url", folder.database])
            #expect(check.status == 0 && check.error == "no problems\n", "round \(round): \(check.error)")
            try expectWholeLog(folder)
            before = Promises()
            try load(service, round: round, until: Int.random(in: 1...400), before)
            promised += before.all.count
        }
        let last = try LiveTalkProcess(database: folder.database)
        try expect(before, at: last.port)
        try expectWholeLog(folder)
        if rounds > 10 { print("\(rounds) kills, \(promised) answered comments, slowest start \(slowest)") }
    }

    private func expect(_ promises: Promises, at port: UInt16) throws {
        let client = try HTTPClient(port: port)
        for (id, text) in promises.all {
            let answer = try client.request("GET", "/comments/\(id)")
            #expect(answer.status == 200 && answer.body.contains("\"\(text)\""), "\(id): \(answer)")
        }
    }

    /// Each comment has its number in the talk's log, without a gap.
    private func expectWholeLog(_ folder: TemporaryFolder) throws {
        let snapshot = try DatabaseSnapshot(path: folder.path + "/comments.db")
        defer { snapshot.close() }
        let (missing, newest, comments) = try snapshot.read { connection in
            let row = try connection.prepare(
                """
                SELECT ifnull(max(seq) - min(seq) + 1 - count(*), 0) AS missing, ifnull(max(seq), 0) AS newest,
                    (SELECT count(*) FROM comment WHERE talk_id = 1) AS comments
                FROM change WHERE talk_id = 1
                """)
            _ = try row.step()
            return (try row.int("missing"), try row.int("newest"), try row.int("comments"))
        }
        #expect(missing == 0 && newest == comments)
    }

    /// Eight clients post until so many answers have come, and the service is killed in the middle of it.
    private func load(_ service: LiveTalkProcess, round: Int, until wanted: Int, _ promises: Promises) throws
    {
        let port = service.port
        let enough = DispatchSemaphore(value: 0)
        let group = DispatchGroup()
        for client in 0..<8 {
            group.enter()
            Thread {
                defer { group.leave() }
                guard let connection = try? HTTPClient(port: port) else {
                    enough.signal()
                    return
                }
                // It ends when the service has been killed.
                while let (id, text) = try? self.post(connection, "round \(round) client \(client)") {
                    if promises.note(id, text) >= wanted { enough.signal() }
                }
                enough.signal()
            }.start()
        }
        enough.wait()
        kill(service.process.processIdentifier, SIGKILL)
        group.wait()
        service.process.waitUntilExit()
    }

    private func post(_ connection: HTTPClient, _ text: String) throws -> (Int, String) {
        let answer = try connection.request(
            "POST", "/comments/", json: #"{"talk_id":1,"user_ip":"::1","comment_text":"\#(text)"}"#)
        let id = try #require(answer.body.firstMatch(of: /"id":(\d+)/).flatMap { Int($0.1) })
        try #require(answer.status == 200)
        return (id, text)
    }
}
