import CraneSQLite
import CraneSchema
import Testing

@testable import CraneJobs

@Suite("Jobs")
struct RunningTests {
    @Test("a job runs with its input, and is done")
    func runs() async throws {
        let bench = try Bench()
        let seen = Notes<String>()
        let task = bench.jobs.task("send", input: Mail.self) { mail, job in
            seen.add("\(mail.to) \(job.attempt) \(job.task)")
        }
        try bench.jobs.start()
        let id = try await task.enqueue(Mail(to: "ada"))
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == ["ada 1 send"])
        let job = try #require(try bench.job(id))
        #expect(job.state == .done)
        #expect(job.attempt == 1)
        #expect(job.input == ["to": "ada"])
        #expect(job.finishedAt != nil)
        await bench.jobs.stop()
    }

    @Test("jobs that were enqueued before the start run after it")
    func runsWhatWaits() async throws {
        let bench = try Bench()
        let seen = Notes<Int>()
        let task = bench.jobs.task("count") { job in seen.add(job.id) }
        let ids = [try await task.enqueue(), try await task.enqueue()]
        try bench.jobs.start()
        await bench.jobs.waitUntilIdle()
        #expect(seen.all.sorted() == ids)
        await bench.jobs.stop()
    }

    @Test("a job of a transaction that is undone is not there")
    func rollsBack() async throws {
        let bench = try Bench()
        let seen = Notes<String>()
        let task = bench.jobs.task("send", input: Mail.self) { mail, _ in seen.add(mail.to) }
        try bench.jobs.start()
        let (kept, undone) = (try task.job(Mail(to: "kept")), try task.job(Mail(to: "undone")))
        _ = try await bench.database.write { connection in try connection.enqueue(kept) }
        await #expect(throws: Refused.self) {
            try await bench.database.write { connection in
                try connection.enqueue(undone)
                throw Refused()
            }
        }
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == ["kept"])
        #expect(try bench.allJobs().count == 1)
        await bench.jobs.stop()
    }

    @Test("a job waits for its delay")
    func waits() async throws {
        let bench = try Bench()
        let seen = Notes<Int>()
        let task = bench.jobs.task("later") { job in seen.add(job.id) }
        try bench.jobs.start()
        let id = try await task.enqueue(delay: .seconds(3600))
        await bench.jobs.waitUntilIdle()
        #expect(seen.all.isEmpty)
        await bench.jobs.skip(.seconds(3601))
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == [id])
        await bench.jobs.stop()
    }

    @Test("the highest priority goes first, then who has waited longest")
    func priorities() async throws {
        let bench = try Bench { $0.concurrency = 1 }
        let seen = Notes<String>()
        let task = bench.jobs.task("send", input: Mail.self) { mail, _ in seen.add(mail.to) }
        for (name, priority) in [("a", 0), ("b", 9), ("c", 0), ("d", 5), ("e", 9)] {
            try await task.enqueue(Mail(to: name), priority: priority)
        }
        try bench.jobs.start()
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == ["b", "e", "d", "a", "c"])
        await bench.jobs.stop()
    }

    @Test("a job that fails is tried again after its back-off, and is dead after its last attempt")
    func fails() async throws {
        let bench = try Bench()
        let seen = Notes<Int>()
        let task = bench.jobs.task("fail", attempts: 3, backOff: JobBackOff(first: .seconds(1000), jitter: 0))
        {
            job in
            seen.add(job.attempt)
            throw Refused()
        }
        try bench.jobs.start()
        let id = try await task.enqueue()
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(id) == .waiting)
        await bench.jobs.skip(.seconds(800))
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == [1])
        await bench.jobs.skip(.seconds(201))
        await bench.jobs.waitUntilIdle()
        #expect(seen.all == [1, 2])
        await bench.jobs.skip(.seconds(2001))
        await bench.jobs.waitUntilIdle()
        let job = try #require(try bench.job(id))
        #expect(job.state == .dead)
        #expect(job.failures.map(\.attempt) == [1, 2, 3])
        #expect(job.failures.allSatisfy { $0.error == "refused" && $0.startedAt != nil })
        #expect(bench.jobs.counters.dead == 1)
        await bench.jobs.stop()
    }

    @Test("a handler says when it is tried again, or that it is not")
    func saysWhatBecomesOfIt() async throws {
        let bench = try Bench()
        let later = bench.jobs.task("later") { job in
            if job.attempt == 1 { throw JobFailure.again(after: .seconds(100), "not yet") }
        }
        let never = bench.jobs.task("never") { _ in throw JobFailure.giveUp("no such mailbox") }
        try bench.jobs.start()
        let (again, dead) = (try await later.enqueue(), try await never.enqueue())
        await bench.jobs.waitUntilIdle()
        #expect(try bench.job(dead)?.failures.map(\.error) == ["no such mailbox"])
        #expect(try bench.state(dead) == .dead)
        #expect(try bench.state(again) == .waiting)
        await bench.jobs.skip(.seconds(101))
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(again) == .done)
        await bench.jobs.stop()
    }

    @Test("an effect and the end of its job are one transaction")
    func completes() async throws {
        let bench = try Bench()
        let task = bench.jobs.task("effect", backOff: JobBackOff(first: .seconds(1000))) { job in
            if job.attempt == 1 {
                // Undone together.
                try await bench.database.write { connection in
                    try connection.insertEffect(of: job)
                    try job.complete(in: connection)
                    throw Refused()
                }
            }
            try await bench.note(job)
            if job.attempt == 2 { throw Refused() }
        }
        try bench.jobs.start()
        let id = try await task.enqueue()
        await bench.jobs.waitUntilIdle()
        #expect(try bench.state(id) == .waiting)
        #expect(try bench.effects() == [])
        await bench.jobs.skip(.seconds(1300))
        await bench.jobs.waitUntilIdle()
        // What is thrown behind the end changes nothing.
        #expect(try bench.state(id) == .done)
        #expect(try bench.effects() == [id])
        #expect(bench.jobs.counters.done == 1)
        await bench.jobs.stop()
    }

    @Test("what a worker has left behind goes back, and what it still writes is refused")
    func rescues() async throws {
        let bench = try Bench()
        let (store, clock) = (SQLiteJobStore(bench.database), JobClock())
        let task = bench.jobs.task("effect") { job in try await bench.note(job) }
        let id = try await task.enqueue()
        let gone = UniqueID()
        try await store.begin(gone, node: "gone", at: clock.now)
        let claimed = try await store.claim([JobClaim(queue: "default", count: 1)], for: gone, at: clock.now)
        #expect(claimed.map { $0.jobs.map(\.id) } == [[id]])
        try bench.jobs.start()
        await bench.jobs.waitUntilIdle()
        let job = try #require(try bench.job(id))
        #expect(job.state == .done)
        #expect(job.attempt == 2)
        #expect(job.failures.map(\.error) == ["its worker is gone"])
        let late = try await store.finish([JobResult(id: id, attempt: 1, .done)], of: gone, at: clock.now)
        #expect(late == [false])
        #expect(try bench.effects() == [id])
        await bench.jobs.stop()
    }

    @Test("of jobs with one key only one waits or runs")
    func isUnique() async throws {
        let bench = try Bench()
        let task = bench.jobs.task("send", input: Mail.self, unique: \.to) { _, _ in }
        let first = try await task.enqueue(Mail(to: "ada"))
        #expect(try await task.enqueue(Mail(to: "ada")) == first)
        let other = try await task.enqueue(Mail(to: "grace"))
        #expect(other != first)
        try bench.jobs.start()
        await bench.jobs.waitUntilIdle()
        #expect(try await task.enqueue(Mail(to: "ada")) != first)
        await bench.jobs.stop()
    }

    @Test("an input that its description refuses is refused at once")
    func refusesInput() async throws {
        let bench = try Bench()
        let task = bench.jobs.task("send", input: Mail.self) { _, _ in }
        await #expect {
            try await task.enqueue(Mail(to: String(repeating: "a", count: 21)))
        } throws: { error in
            "\(error)"
                == "the input of send: input.to: String should have at most 20 characters"
        }
        await #expect(throws: JobError.invalid("the priority 10 is not from 0 to 9")) {
            try await task.enqueue(Mail(to: "a"), priority: 10)
        }
        #expect(try bench.allJobs().isEmpty)
    }

    @Test("an input that no longer fits makes its job dead, and an unknown task fails")
    func refusesOldInput() async throws {
        let bench = try Bench()
        bench.jobs.task("send", input: Mail.self) { _, _ in Issue.record("it ran") }
        let now = JobClock().now
        for (task, input) in [("send", "{\"to\":7}"), ("sent", "{}"), ("send", "no JSON")] {
            let job = NewJob(
                task: task, queue: "default", priority: 0, attempts: 2, runAt: now, input: Array(input.utf8),
                uniqueKey: nil, limitKey: "", limit: nil, createdAt: now)
            // A file may hold anything; the text stands in for what an older program has written.
            _ = try await bench.database.write { connection in try connection.enqueue(job) }
        }
        try bench.jobs.start()
        await bench.jobs.waitUntilIdle()
        let states = try bench.database.read { connection in
            let rows = try connection.prepare("SELECT state, failures FROM job ORDER BY id")
            var states: [String] = []
            while try rows.step() { states.append("\(try rows.text("state")) \(try rows.text("failures"))") }
            return states
        }
        #expect(states.count == 3)
        #expect(states[0].hasPrefix("dead"))
        #expect(
            states[0].contains("the input does not fit the task: input.to: Input should be a valid string"))
        #expect(states[1].hasPrefix("waiting"))
        #expect(states[1].contains("there is no task sent in this program"))
        #expect(states[2].hasPrefix("dead"))
        await bench.jobs.stop()
    }
}
