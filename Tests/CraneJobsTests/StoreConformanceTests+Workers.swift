import CraneSQLite
import CraneSchema
import CraneTesting
import TestSupport
import Testing

@testable import CraneJobs

extension StoreConformanceTests {
    @Test("what a silent worker ran goes back, and one that is heard of keeps it", arguments: Kind.all)
    func rescues(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let store = fixture.store
        try await store.begin(fixture.worker, node: "a", at: Fixture.time(0))
        let (id, last) = (try await fixture.enqueue(), try await fixture.enqueue(attempts: 1))
        _ = try await fixture.claim()
        #expect(
            try await store.beat(fixture.worker, at: Fixture.time(50))
                == JobHeartbeat(isAlive: true, cancelled: []))
        #expect(try await store.rescue(silentSince: Fixture.time(40), at: Fixture.time(60)) == 0)
        #expect(try await store.rescue(silentSince: Fixture.time(51), at: Fixture.time(60)) == 2)
        #expect(try await store.beat(fixture.worker, at: Fixture.time(61)).isAlive == false)
        #expect(try await fixture.finish(id) == false)
        #expect(try await fixture.job(id).state == .waiting)
        // A job that takes its process along each time ends all the same.
        #expect(try await fixture.job(last).state == .dead)
        #expect(try await fixture.job(last).failures.map(\.error) == ["its worker is gone"])
        #expect(try await fixture.ids(at: 60) == [id])
    }

    @Test("a worker that leaves gives back what it ran, with the attempts", arguments: Kind.all)
    func leaves(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        try await fixture.store.begin(fixture.worker, node: "a", at: Fixture.time(0))
        let id = try await fixture.enqueue(attempts: 1)
        _ = try await fixture.claim()
        try await fixture.store.end(fixture.worker, at: Fixture.time(1))
        let job = try await fixture.job(id)
        #expect(job.state == .waiting)
        #expect(job.attempts == 2)
        let summary = try await fixture.store.summary(at: Fixture.time(1), on: InProcessLoop())
        #expect(summary.workers.isEmpty)
    }

    @Test(
        "what is cancelled while it runs is told to its worker, and ends as cancelled when it fails",
        arguments: Kind.all)
    func cancels(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let store = fixture.store
        try await store.begin(fixture.worker, node: "a", at: Fixture.time(0))
        let id = try await fixture.enqueue()
        _ = try await fixture.claim()
        let waiting = try await fixture.enqueue()
        #expect(try await store.cancel(waiting, at: Fixture.time(3)))
        #expect(try await fixture.job(waiting).state == .cancelled)
        #expect(try await fixture.job(waiting).finishedAt == Fixture.time(3))
        #expect(try await store.cancel(id, at: Fixture.time(3)))
        #expect(try await fixture.job(id).state == .running)
        #expect(try await store.beat(fixture.worker, at: Fixture.time(4)).cancelled == [id])
        #expect(try await fixture.finish(id, 1, .failed("x", again: Fixture.time(9))))
        #expect(try await fixture.job(id).state == .cancelled)
        #expect(try await store.retry(id, at: Fixture.time(10)))
        #expect(try await fixture.job(id).isCancelled == false)
        #expect(try await fixture.ids(at: 10) == [id])
        await #expect(throws: JobError.conflict("the job is running")) {
            try await store.retry(id, at: Fixture.time(10))
        }
    }

    @Test("what is committed is told before whoever wrote it hears of it", arguments: Kind.all)
    func tells(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let heard = Notes<String>()
        fixture.store.observe { news in
            for case .waiting(let queue, let time) in news { heard.add("\(queue) \(time.microseconds)") }
        }
        _ = try await fixture.enqueue(at: 1, unique: "k")
        #expect(heard.all == ["q 1000000"])
        // One that is there already is no news.
        _ = try await fixture.enqueue(at: 1, unique: "k")
        #expect(heard.all.count == 1)
    }

    @Test("what has ended is removed by age and by number", arguments: Kind.all)
    func sweeps(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        var ids: [Int] = []
        for second in 0..<6 {
            ids.append(try await fixture.enqueue())
            _ = try await fixture.claim()
            _ = try await fixture.finish(
                ids[second], 1, second == 0 ? .failed("x", again: nil) : .done, at: second)
        }
        ids.append(try await fixture.enqueue())
        var retention = JobRetention()
        (retention.done, retention.dead, retention.count) = (.seconds(100), .seconds(1000), 10)
        #expect(try await fixture.store.prune(retention, at: Fixture.time(99)) == 0)
        #expect(try await fixture.store.prune(retention, at: Fixture.time(102)) == 1)
        retention.count = 2
        #expect(try await fixture.store.prune(retention, at: Fixture.time(102)) == 2)
        #expect(try await fixture.store.prune(retention, at: Fixture.time(102)) == 0)
        let left = try await fixture.store.jobs(JobQuery(), on: InProcessLoop()).map(\.id)
        #expect(left == [ids[6], ids[5], ids[4], ids[0]])
        #expect(try await fixture.store.prune(retention, at: Fixture.time(2000)) == 3)
    }

    @Test("jobs are found by state, task, queue, text and id", arguments: Kind.all)
    func finds(_ kind: Kind) async throws {
        let (fixture, loop) = (try Fixture(kind), InProcessLoop())
        let first = try await fixture.enqueue("mail", priority: 9)
        let second = try await fixture.enqueue("call", queue: "p")
        let third = try await fixture.enqueue("mail")
        _ = try await fixture.claim(1)
        _ = try await fixture.finish(first, 1, .failed("no such mailbox", again: nil))
        func ids(_ query: JobQuery) async throws -> [Int] {
            try await fixture.store.jobs(query, on: loop).map(\.id)
        }
        #expect(try await ids(JobQuery()) == [third, second, first])
        #expect(try await ids(JobQuery(limit: 2)) == [third, second])
        #expect(try await ids(JobQuery(before: second)) == [first])
        #expect(try await ids(JobQuery(state: .dead)) == [first])
        #expect(try await ids(JobQuery(task: "mail")) == [third, first])
        #expect(try await ids(JobQuery(queue: "p")) == [second])
        #expect(try await ids(JobQuery(text: "mailbox")) == [first])
        #expect(try await ids(JobQuery(text: "\(second)")) == [second])
        #expect(try await ids(JobQuery(text: "'; DROP TABLE job")) == [])
        let summary = try await fixture.store.summary(at: Fixture.time(30), on: loop)
        #expect(summary.counts == JobSummary.Counts(due: 2, dead: 1))
        #expect(summary.oldestDue == Fixture.time(0))
        #expect(summary.queues.map(\.name) == ["p", "q"])
        #expect(summary.minutes == [JobSummary.Minute(at: Fixture.time(0), done: 0, failed: 1)])
    }

    @Test("of two processes one moves a schedule on and enqueues its job", arguments: Kind.all)
    func hasNoLeader(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let store = fixture.store
        let (first, second, third) = (Fixture.time(60), Fixture.time(120), Fixture.time(180))
        func schedule(_ cron: String, _ next: Timestamp) -> JobSchedule {
            JobSchedule(name: "s", cron: cron, zone: "UTC", task: "t", next: next)
        }
        #expect(try await store.settle([schedule("* * * * *", first)]).map(\.next) == [first])
        let job = NewJob(
            task: "t", queue: "q", priority: 0, attempts: 1, runAt: first, input: Array("{}".utf8),
            uniqueKey: nil, limitKey: "", limit: nil, createdAt: first)
        async let one = store.advance("s", from: first, to: second, job)
        async let other = store.advance("s", from: first, to: second, job)
        #expect(try await [one, other] == [second, second])
        #expect(try await store.jobs(JobQuery(), on: InProcessLoop()).count == 1)
        // It keeps its time over a restart, and begins anew with other times.
        #expect(try await store.settle([schedule("* * * * *", first)]).map(\.next) == [second])
        #expect(try await store.settle([schedule("5 * * * *", third)]).map(\.next) == [third])
        #expect(try await store.summary(at: first, on: InProcessLoop()).schedules.map(\.name) == ["s"])
        // One that is due no more goes.
        #expect(try await store.advance("s", from: third, to: nil, job) == nil)
        #expect(try await store.advance("s", from: third, to: second, job) == nil)
        #expect(try await store.jobs(JobQuery(), on: InProcessLoop()).count == 2)
        // Its end closes the database.
        withExtendedLifetime(fixture) {}
    }

    @Test("keys, errors and inputs are any text", arguments: Kind.all)
    func takesAnyText(_ kind: Kind) async throws {
        let fixture = try Fixture(kind)
        let text = "a\u{0}\"'\\ä\u{1F600}"
        let id = try await fixture.enqueue(unique: text, limitKey: text, limit: 1)
        #expect(try await fixture.enqueue(unique: text) == id)
        #expect(try await fixture.claim().jobs.map(\.id) == [id])
        #expect(try await fixture.finish(id, 1, .failed(text, again: nil)))
        let job = try await fixture.job(id)
        #expect(job.uniqueKey == text)
        #expect(job.limitKey == text)
        #expect(job.failures.map(\.error) == [text])
        #expect(try await fixture.store.jobs(JobQuery(text: "\u{0}"), on: InProcessLoop()).isEmpty)
    }
}
