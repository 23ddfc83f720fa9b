import CraneSQLite
import CraneSchema
import Testing

@testable import CraneJobs

extension RunningTests {
    @Test("a handler that takes too long is cancelled and tried again")
    func timesOut() async throws {
        let bench = try Bench()
        let task = bench.jobs.task("slow", timeout: .seconds(5), backOff: JobBackOff(first: .seconds(1000))) {
            job in
            if job.attempt == 1 { try await job.sleep(for: .seconds(100_000)) }
        }
        try bench.jobs.start()
        let id = try await task.enqueue()
        try await until { bench.jobs.counters.started > 0 }
        await bench.jobs.skip(.seconds(6))
        try await until { try bench.state(id) == .waiting }
        #expect(try bench.job(id)?.failures.map(\.error) == ["it took longer than 5.0 seconds"])
        await bench.jobs.skip(.seconds(1300))
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(id) == .done)
        await bench.jobs.stop()
    }

    @Test("a handler that heeds no cancellation loses its job")
    func isAbandoned() async throws {
        let bench = try Bench()
        let (release, releasing) = AsyncStream.makeStream(of: Void.self)
        let lost = Notes<JobError?>()
        let task = bench.jobs.task("deaf", timeout: .seconds(5), backOff: JobBackOff(first: .seconds(1000))) {
            job in
            guard job.attempt == 1 else { return try await bench.note(job) }
            // A task that nobody cancels.
            await Task.detached {
                for await _ in release { break }
                do { try await bench.note(job) } catch { lost.add(error as? JobError) }
            }.value
        }
        try bench.jobs.start()
        let id = try await task.enqueue()
        try await until { bench.jobs.counters.started > 0 }
        await bench.jobs.skip(.seconds(6))
        await bench.jobs.skip(.seconds(31))
        try await until { try bench.job(id)?.failures.isEmpty == false }
        await bench.jobs.skip(.seconds(1300))
        try await until { try bench.state(id) == .done }
        releasing.yield()
        await bench.jobs.waitUntilIdle()
        #expect(lost.all == [.lost])
        #expect(try bench.effects() == [id])
        await bench.jobs.stop()
    }

    @Test("a job is cancelled while it waits, and while it runs")
    func isCancelled() async throws {
        let bench = try Bench()
        let store = SQLiteJobStore(bench.database)
        let task = bench.jobs.task("slow") { job in try await job.sleep(for: .seconds(100_000)) }
        try bench.jobs.start()
        let waiting = try await task.enqueue(delay: .seconds(60))
        let running = try await task.enqueue()
        try await until { bench.jobs.counters.started > 0 }
        let now = JobClock().now
        #expect(try await store.cancel(waiting, at: now))
        #expect(try await store.cancel(running, at: now))
        #expect(try await store.cancel(4711, at: now) == false)
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(waiting) == .cancelled)
        #expect(try bench.state(running) == .cancelled)
        await #expect(throws: JobError.conflict("the job is cancelled")) {
            try await store.cancel(running, at: now)
        }
        await bench.jobs.stop()
    }

    @Test("at the end what runs is cancelled and waits again, its attempt given back")
    func stops() async throws {
        let bench = try Bench()
        let task = bench.jobs.task("slow") { job in try await job.sleep(for: .seconds(100_000)) }
        try bench.jobs.start()
        let id = try await task.enqueue()
        try await until { bench.jobs.counters.started > 0 }
        await bench.jobs.stop(within: .zero)
        let job = try #require(try bench.job(id))
        #expect(job.state == .waiting)
        #expect(job.attempts == 21)
        #expect(job.failures.isEmpty)
    }

    @Test("no more of a key run at once than its limit lets, and keys take turns")
    func limits() async throws {
        let bench = try Bench { $0.concurrency = 4 }
        let (running, most) = (Notes<String>(), Notes<Int>())
        let gate = Gate()
        let task = bench.jobs.task("call", input: Mail.self, limit: JobLimit(2) { $0.to }) { mail, _ in
            running.add(mail.to)
            await gate.pass()
            most.add(1)
        }
        for _ in 0..<5 { try await task.enqueue(Mail(to: "a")) }
        for _ in 0..<2 { try await task.enqueue(Mail(to: "b")) }
        try bench.jobs.start()
        try await until { running.all.count == 4 }
        #expect(running.all.sorted() == ["a", "a", "b", "b"])
        gate.open()
        await bench.jobs.waitUntilIdle()
        #expect(running.all.count == 7)
        #expect(try bench.allJobs().allSatisfy { $0.state == .done })
        await bench.jobs.stop()
    }

    @Test("no more of a queue run at once than its limit lets")
    func limitsQueue() async throws {
        let bench = try Bench()
        let (running, gate) = (Notes<Int>(), Gate())
        bench.jobs.queue("calls", concurrency: 8, limit: 2)
        let task = bench.jobs.task("call", queue: "calls") { job in
            running.add(job.id)
            await gate.pass()
        }
        for _ in 0..<5 { try await task.enqueue() }
        try bench.jobs.start()
        try await until { running.all.count == 2 }
        gate.open()
        await bench.jobs.waitUntilIdle()
        #expect(running.all.count == 5)
        await bench.jobs.stop()
    }

    @Test("no more of a queue begin in a time than its rate lets, and each key has its turn")
    func limitsRate() async throws {
        let bench = try Bench()
        let seen = Notes<String>()
        bench.jobs.queue("calls", rate: JobRate(2, per: .seconds(7200)))
        let task = bench.jobs.task(
            "call", input: Mail.self, queue: "calls", limit: JobLimit(1) { $0.to }
        ) { mail, _ in seen.add(mail.to) }
        for name in ["a", "a", "b", "b", "c"] { try await task.enqueue(Mail(to: name)) }
        try bench.jobs.start()
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == ["a", "b"])
        await bench.jobs.skip(.seconds(3000))
        await bench.jobs.waitUntilIdle()
        #expect(seen.all.count == 2)
        await bench.jobs.skip(.seconds(601))
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == ["a", "b", "c"])
        await bench.jobs.skip(.seconds(7200))
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == ["a", "b", "c", "a", "b"])
        await bench.jobs.stop()
    }

    @Test("a rate that lets nothing begin is a mistake")
    func refusesRates() {
        #expect(JobRate(0, per: .seconds(1)).mistake != nil)
        #expect(JobRate(1, per: .zero).mistake != nil)
        #expect(JobRate(2, per: .microseconds(1)).mistake != nil)
        #expect(JobRate(1, per: .seconds(400 * 86_400)).mistake != nil)
        #expect(JobRate(1, per: .seconds(3600)).mistake == nil)
    }

    @Test("a paused queue rests until it is resumed")
    func pauses() async throws {
        let bench = try Bench()
        let store = SQLiteJobStore(bench.database)
        let task = bench.jobs.task("call") { _ in }
        try bench.jobs.start()
        try await store.setPaused(true, "default")
        let id = try await task.enqueue()
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(id) == .waiting)
        try await store.setPaused(false, "default")
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(id) == .done)
        await bench.jobs.stop()
    }

    @Test("a dead job is tried again when an operator says so")
    func triesAgain() async throws {
        let bench = try Bench()
        let store = SQLiteJobStore(bench.database)
        let task = bench.jobs.task("call", attempts: 1) { job in if job.attempt == 1 { throw Refused() } }
        try bench.jobs.start()
        let id = try await task.enqueue()
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(id) == .dead)
        #expect(try await store.retry(id, at: JobClock().now))
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(id) == .done)
        #expect(try await store.retry(4711, at: JobClock().now) == false)
        await bench.jobs.stop()
    }

    @Test("a full disk is an error of what is enqueued, and nothing that was enqueued is lost")
    func fullDisk() async throws {
        let bench = try Bench()
        let task = bench.jobs.task("call") { _ in }
        try bench.jobs.start()
        try await bench.limitPages(to: nil)
        do {
            for _ in 0..<10_000 { try await task.enqueue() }
            Issue.record("no end of the pages")
        } catch let error as DatabaseError {
            #expect(error.kind == .full)
        }
        // Reads go on.
        let accepted = try bench.allJobs().count
        var isFull = true
        while isFull {
            do {
                try await bench.limitPages(to: 1_000_000)
                isFull = false
            } catch let error as DatabaseError where error.kind == .full {
                // Together with a write of the worker's, for which there was no room yet.
            }
        }
        try await task.enqueue()
        // What the worker could not write is written after a while.
        while try !bench.allJobs().allSatisfy({ $0.state == .done }) {
            await bench.jobs.skip(.seconds(20))
        }
        #expect(try bench.allJobs().count == accepted + 1)
        await bench.jobs.stop()
    }

    @Test("progress is written")
    func progresses() async throws {
        let bench = try Bench()
        let gate = Gate()
        let task = bench.jobs.task("call") { job in
            job.progress(0.25)
            job.progress(0.5)
            await gate.pass()
        }
        try bench.jobs.start()
        let id = try await task.enqueue()
        try await until { bench.jobs.counters.started > 0 }
        await bench.jobs.skip(.seconds(2))
        try await until { try bench.job(id)?.progress == 0.5 }
        gate.open()
        await bench.jobs.waitUntilIdle()
        await bench.jobs.stop()
    }

    @Test("what has ended long ago is removed")
    func sweeps() async throws {
        let bench = try Bench()
        let task = bench.jobs.task("call", attempts: 1) { job in if job.id % 2 == 0 { throw Refused() } }
        try bench.jobs.start()
        for _ in 0..<4 { try await task.enqueue() }
        await bench.jobs.waitUntilIdle()
        await bench.jobs.skip(.seconds(2 * 86_400))
        try await until { try bench.allJobs().count == 2 }
        #expect(try bench.allJobs().allSatisfy { $0.state == .dead })
        await bench.jobs.stop()
    }
}
