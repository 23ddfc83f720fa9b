import CraneSQLite
import CraneSchema
import CraneTesting
import TestSupport
import Testing

@testable import CraneJobs

#if POSTGRES
import CranePostgres
import CranePostgresJobs
#endif

/// What every store of jobs does, whatever it is made of: a new one is added to `Kind`.
@Suite("Job stores")
struct StoreConformanceTests {
    enum Kind: String, StoreKind {
        case memory, file
        #if POSTGRES
        case postgres
        #endif
    }

    /// A store of its own, with times that the test gives.
    final class Fixture {
        let store: any JobStore
        let worker = UniqueID()
        private let directory: ScratchDirectory?
        private let close: () -> Void

        init(_ kind: Kind) throws {
            #if POSTGRES
            if kind == .postgres {
                let database = try postgresDatabase()
                directory = nil
                store = PostgresJobStore(database, usesServerClock: false)
                close = { database.close() }
                return
            }
            #endif
            directory =
                kind == .file ? try ScratchDirectory(names: "jobs.db", "jobs.db-wal", "jobs.db-shm") : nil
            let database = try Bench.database(directory.map { .file($0.path + "/jobs.db") } ?? .memory)
            store = SQLiteJobStore(database)
            close = { database.close() }
        }

        deinit { close() }

        static func time(_ seconds: Int) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

        func enqueue(
            _ task: String = "t", queue: String = "q", priority: Int = 0, attempts: Int = 3,
            at seconds: Int = 0,
            unique: String? = nil, limitKey: String = "", limit: Int? = nil
        ) async throws -> Int {
            try await store.enqueue([
                NewJob(
                    task: task, queue: queue, priority: priority, attempts: attempts,
                    runAt: Self.time(seconds),
                    input: Array("{}".utf8), uniqueKey: unique, limitKey: limitKey, limit: limit,
                    createdAt: Self.time(0))
            ])[0]
        }

        func claim(
            _ count: Int = 10, at seconds: Int = 0, limit: Int? = nil, rate: JobRate? = nil,
            after: String? = nil, by worker: UniqueID? = nil
        ) async throws -> JobClaimResult {
            try await store.claim(
                [JobClaim(queue: "q", count: count, limit: limit, rate: rate, after: after)],
                for: worker ?? self.worker, at: Self.time(seconds))[0]
        }

        func ids(_ count: Int = 10, at seconds: Int = 0) async throws -> [Int] {
            try await claim(count, at: seconds).jobs.map(\.id)
        }

        func finish(
            _ id: Int, _ attempt: Int = 1, _ outcome: JobResult.Outcome = .done, at seconds: Int = 0,
            of worker: UniqueID? = nil
        ) async throws -> Bool {
            try await store.finish(
                [JobResult(id: id, attempt: attempt, outcome)], of: worker ?? self.worker,
                at: Self.time(seconds))[0]
        }

        func job(_ id: Int) async throws -> Job { try #require(try await store.job(id)) }
    }

    @Test("a job is claimed once, when it is due", arguments: Kind.all)
    func claims(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let (later, now) = (try await fixture.enqueue(at: 50), try await fixture.enqueue(at: 10))
        #expect(try await fixture.ids(at: 9) == [])
        #expect(try await fixture.claim(at: 9).next == Fixture.time(10))
        let claimed = try await fixture.claim(at: 10)
        #expect(claimed.jobs.map(\.id) == [now])
        #expect(claimed.jobs[0].attempt == 1)
        #expect(claimed.jobs[0].input == Array("{}".utf8))
        #expect(claimed.next == Fixture.time(50))
        #expect(try await fixture.ids(at: 49) == [])
        #expect(try await fixture.ids(at: 50) == [later])
        let job = try await fixture.job(later)
        #expect(job.state == .running)
        #expect(job.worker == fixture.worker.description)
        #expect(job.startedAt == Fixture.time(50))
    }

    @Test(
        "the highest priority is claimed first, then the earliest, and no more than was asked for",
        arguments: Kind.all)
    func orders(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let low = try await fixture.enqueue(priority: 1, at: 1)
        let late = try await fixture.enqueue(priority: 9, at: 5)
        let early = try await fixture.enqueue(priority: 9, at: 2)
        let middle = try await fixture.enqueue(priority: 5, at: 0)
        // What is due later does not keep lower priorities waiting.
        _ = try await fixture.enqueue(priority: 9, at: 1000)
        #expect(try await fixture.ids(3, at: 9) == [early, late, middle])
        #expect(try await fixture.ids(3, at: 9) == [low])
    }

    @Test("other queues and paused ones are left alone", arguments: Kind.all)
    func queues(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        _ = try await fixture.enqueue(queue: "other")
        let id = try await fixture.enqueue()
        try await fixture.store.setPaused(true, "q")
        #expect(try await fixture.ids() == [])
        try await fixture.store.setPaused(false, "q")
        #expect(try await fixture.ids() == [id])
        // All at once, whatever they are called; one that was paused alone is resumed with all.
        let next = try await fixture.enqueue()
        try await fixture.store.setPaused(true, "q")
        try await fixture.store.setPaused(true, nil)
        try await fixture.store.setPaused(true, nil)
        let queues = try await fixture.store.summary(at: Fixture.time(0), on: InProcessLoop()).queues
        #expect(queues.filter(\.isPaused).map(\.name) == ["*", "q"])
        #expect(try await fixture.ids() == [])
        try await fixture.store.setPaused(false, "q")
        #expect(try await fixture.ids() == [])
        try await fixture.store.setPaused(false, nil)
        #expect(try await fixture.ids() == [next])
    }

    @Test("an end counts once, and only for the attempt that runs", arguments: Kind.all)
    func fences(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let id = try await fixture.enqueue()
        #expect(try await fixture.finish(id) == false)
        _ = try await fixture.claim()
        #expect(try await fixture.finish(id, of: .random()) == false)
        #expect(try await fixture.finish(id, 2) == false)
        #expect(try await fixture.finish(id, at: 7))
        #expect(try await fixture.finish(id) == false)
        let job = try await fixture.job(id)
        #expect(job.state == .done)
        #expect(job.finishedAt == Fixture.time(7))
        #expect(try await fixture.finish(4711) == false)
    }

    @Test("a failed job waits again, is dead, cancelled or given back as is said", arguments: Kind.all)
    func ends(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let id = try await fixture.enqueue()
        _ = try await fixture.claim(at: 1)
        #expect(try await fixture.finish(id, 1, .failed("no \"room\"", again: Fixture.time(20)), at: 2))
        #expect(try await fixture.ids(at: 19) == [])
        #expect(try await fixture.ids(at: 20) == [id])
        #expect(try await fixture.finish(id, 2, .released, at: 21))
        #expect(try await fixture.job(id).attempts == 4)
        #expect(try await fixture.ids(at: 21) == [id])
        #expect(try await fixture.finish(id, 3, .failed("again", again: nil), at: 22))
        let job = try await fixture.job(id)
        #expect(job.state == .dead)
        #expect(job.finishedAt == Fixture.time(22))
        #expect(
            job.failures == [
                Job.Attempt(
                    attempt: 1, startedAt: Fixture.time(1), failedAt: Fixture.time(2), error: "no \"room\""),
                Job.Attempt(
                    attempt: 3, startedAt: Fixture.time(21), failedAt: Fixture.time(22), error: "again"),
            ])
        let other = try await fixture.enqueue()
        _ = try await fixture.claim()
        #expect(try await fixture.finish(other, 1, .cancelled("no more")))
        #expect(try await fixture.job(other).state == .cancelled)
    }

    @Test("of one key of a task one job waits or runs", arguments: Kind.all)
    func isUnique(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let id = try await fixture.enqueue(unique: "k")
        #expect(try await fixture.enqueue(unique: "k") == id)
        #expect(try await fixture.enqueue("other", unique: "k") != id)
        _ = try await fixture.claim()
        #expect(try await fixture.enqueue(unique: "k") == id)
        _ = try await fixture.finish(id, 1, .failed("x", again: Fixture.time(5)))
        #expect(try await fixture.enqueue(unique: "k") == id)
        _ = try await fixture.claim(at: 5)
        _ = try await fixture.finish(id, 2, .failed("x", again: nil))
        let next = try await fixture.enqueue(unique: "k")
        #expect(next != id)
        await #expect(throws: JobError.conflict("another job with its key waits or runs")) {
            try await fixture.store.retry(id, at: Fixture.time(6))
        }
    }

    @Test("of one limit key so many run, and keys take turns", arguments: Kind.all)
    func limitsKeys(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        var ids: [String: [Int]] = [:]
        for key in ["a", "a", "a", "b", "b", "c"] {
            ids[key, default: []].append(try await fixture.enqueue(limitKey: key, limit: 2))
        }
        let free = try await fixture.enqueue()
        let claimed = try await fixture.claim(4)
        #expect(claimed.jobs.map(\.id) == [free, ids["a"]![0], ids["a"]![1], ids["b"]![0]])
        #expect(claimed.after == "b")
        // What comes next is c's, then it goes round; of a none may run before one has ended.
        #expect(try await fixture.claim(4, after: claimed.after).jobs.map(\.id) == ids["c"]!)
        let rest = try await fixture.claim(4)
        #expect(rest.jobs.map(\.id) == [ids["b"]![1]])
        #expect(rest.isBlocked)
        #expect(rest.after == nil)
        _ = try await fixture.finish(ids["a"]![0])
        #expect(try await fixture.ids() == [ids["a"]![2]])
    }

    @Test("of a queue so many run", arguments: Kind.all)
    func limitsQueues(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        var ids: [Int] = []
        for _ in 0..<3 { ids.append(try await fixture.enqueue()) }
        #expect(try await fixture.claim(limit: 2).jobs.map(\.id) == [ids[0], ids[1]])
        let blocked = try await fixture.claim(limit: 2, by: .random())
        #expect(blocked.jobs.isEmpty)
        #expect(blocked.isBlocked)
        _ = try await fixture.finish(ids[0])
        #expect(try await fixture.claim(limit: 2).jobs.map(\.id) == [ids[2]])
    }

    @Test("of a queue so many begin in a time, whoever begins them", arguments: Kind.all)
    func limitsRates(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let rate = JobRate(3, per: .seconds(30))
        var ids: [Int] = []
        for _ in 0..<8 { ids.append(try await fixture.enqueue()) }
        #expect(try await fixture.claim(2, at: 100, rate: rate).jobs.map(\.id) == [ids[0], ids[1]])
        let last = try await fixture.claim(at: 100, rate: rate, by: .random())
        #expect(last.jobs.map(\.id) == [ids[2]])
        #expect(last.next == Fixture.time(110))
        // An attempt counts, and that it has ended gives nothing back.
        _ = try await fixture.finish(ids[0])
        let none = try await fixture.claim(at: 109, rate: rate, after: "k")
        #expect(none.jobs.isEmpty)
        #expect(none.next == Fixture.time(110))
        #expect(none.after == "k")
        #expect(try await fixture.claim(at: 110, rate: rate).jobs.map(\.id) == [ids[3]])
        #expect(try await fixture.claim(at: 131, rate: rate).jobs.map(\.id) == [ids[4], ids[5]])
        // A clock that was put back keeps nobody waiting for longer than a period.
        #expect(try await fixture.claim(at: 0, rate: rate).next == Fixture.time(10))
        #expect(try await fixture.claim(at: 1000, rate: rate).jobs.map(\.id) == [ids[6], ids[7]])
    }
}
