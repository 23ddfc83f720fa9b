import CraneJobs
import CraneSQLite
import Foundation
import TestSupport
import Testing

@testable import LiveTalk

@Suite("The command for jobs", .ownThreads)
struct JobCommandTests {
    private func run(_ arguments: [String], in database: String) throws -> CommandProcess.Outcome {
        try CommandProcess(["jobs"] + arguments + ["--database-url", "sqlite:///\(database)"]).outcome()
    }

    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// A database with a dead job 1 and one that waits, 2.
    private func makeJobs(at path: String) throws {
        let database = try Database(Database.Configuration(.file(path)))
        defer { database.close() }
        try database.migrate(Migration.all)
        try database.transaction { connection in
            try connection.execute(
                """
                INSERT INTO job (task, queue, priority, state, run_at, attempt, attempts, input, limit_key, failures, created_at, finished_at)
                VALUES ('call', 'calls', 0, 'dead', 0, 1, 1, '{"to":"ada"}', '',
                    '[{"attempt":1,"started_at":null,"failed_at":"2026-11-29T10:00:00Z","error":"no\\nline"}]', 0, 0);
                INSERT INTO job (task, queue, priority, run_at, attempts, input, limit_key, created_at)
                VALUES ('call', 'calls', 0, 4000000000000000, 3, '{"to":"bob"}', '', 0);
                """)
        }
    }

    private let dead = "1\tdead\tcall\tcalls\t1/1\t1970-01-01T00:00:00.000000Z\tno\\nline\n"
    private let waiting = "2\twaiting\tcall\tcalls\t0/3\t2096-10-02T07:06:40.000000Z\t\n"

    @Test("lists, shows, retries and cancels jobs where no service runs")
    func alone() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "jobs.db").path
        try makeJobs(at: path)
        #expect(try run(["list"], in: path).output == waiting + dead)
        #expect(
            try run(["list", "--state", "dead", "--task", "call", "--queue", "calls"], in: path).output
                == dead)
        #expect(try run(["list", "--state", "lost"], in: path).status == 64)
        let shown = try run(["show", "1"], in: path)
        #expect(shown.status == 0)
        #expect(shown.output.hasPrefix("id: 1\ntask: call\nstate: dead\nqueue: calls\n"))
        #expect(shown.output.contains("\ninput: {\"to\":\"ada\"}\n"))
        #expect(shown.output.hasSuffix("attempt 1: 2026-11-29T10:00:00.000000Z: no\\nline\n"))
        #expect(try run(["show", "3"], in: path).errors.hasSuffix("there is no job 3\n"))
        #expect(try run(["retry", "1"], in: path).output == "job 1 waits again\n")
        let again = try run(["retry", "1"], in: path)
        #expect((again.status, again.errors) == (1, "livetalk: the job is waiting\n"))
        #expect(try run(["cancel", "1", "2"], in: path).output == "job 1 is cancelled\njob 2 is cancelled\n")
        #expect(try run(["cancel", "9"], in: path).errors == "livetalk: there is no job 9\n")
        #expect(try run(["pause", "calls"], in: path).output == "paused the queue calls\n")
        #expect(try run(["resume"], in: path).output == "resumed all queues\n")
        #expect(try run(["drain"], in: path).output == "paused all queues; no job runs\n")
    }

    @Test("lists and shows the tasks that the embedded broker has of Celery's")
    func celery() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "jobs.db").path
        try makeJobs(at: path)
        let database = try Database(Database.Configuration(.file(path)))
        try database.transaction { connection in
            try connection.execute(
                """
                INSERT INTO celery_message (id, queue, place, body, tag, task, task_id, is_transient, created_at)
                VALUES (1, '0/celery', 1, x'', 't', 'tasks.add', 'a-b', 0, 0);
                INSERT INTO celery_key (name, kind, value) VALUES
                    ('0/celery-task-meta-c-d', 1, '{"status":"FAILURE","result":{"exc_type":"E"},"traceback":"one\\ntwo"}');
                """)
        }
        database.close()
        let queued = "a-b\twaiting\ttasks.add\tcelery\t0/-\t1970-01-01T00:00:00.000000Z\t\n"
        let failed = "c-d\tdead\t\t\t0/-\t\t{\"exc_type\":\"E\"}\n"
        #expect(try run(["list"], in: path).output == waiting + dead + queued + failed)
        #expect(try run(["list", "--queue", "celery"], in: path).output == queued)
        #expect(try run(["list", "--state", "dead"], in: path).output == dead + failed)
        #expect(
            try run(["show", "a-b"], in: path).output
                == "id: a-b\ntask: tasks.add\nstate: waiting\ncelery queue: celery\nenqueued: 1970-01-01T00:00:00.000000Z\n"
        )
        #expect(try run(["show", "c-d"], in: path).output.hasSuffix("traceback: one\\ntwo\n"))
        #expect(try run(["show", "e"], in: path).errors.hasSuffix("there is no job e\n"))
    }

    @Test("has the service that runs do it")
    func besideService() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "jobs.db").path
        try makeJobs(at: path)
        let service = try CommandProcess(["serve", "--port", "0", "--database-url", "sqlite:///\(path)"])
        _ = try service.port()
        #expect(try run(["list"], in: path).output == waiting + dead)
        #expect(try run(["cancel", "2"], in: path).output == "job 2 is cancelled\n")
        #expect(try run(["cancel", "2"], in: path).errors == "livetalk: the job is cancelled\n")
        #expect(try run(["drain", "--timeout", "5"], in: path).output == "paused all queues; no job runs\n")
        #expect(try run(["retry", "1"], in: path).output == "job 1 waits again\n")
        #expect(try run(["resume", "calls"], in: path).output == "resumed the queue calls\n")
        service.signal(SIGTERM)
        #expect(service.outcome().status == 0)
    }

    @Test("says so where there is no database, or an old one")
    func withoutDatabase() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "jobs.db").path
        #expect(try run(["retry", "1"], in: path).errors.hasSuffix("there is no such file\n"))
        #expect(!FileManager.default.fileExists(atPath: path))
        let database = try Database(Database.Configuration(.file(path)))
        try database.migrate(Array(Migration.all.prefix(12)))
        database.close()
        #expect(
            try run(["list"], in: path).errors.hasSuffix(
                "there are no jobs in it yet: livetalk migrate brings it up to date\n"))
    }
}
