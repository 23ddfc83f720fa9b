import CraneLoop
import TestSupport
import Testing

@Suite("Sleep on a loop", .serialized, .timeLimit(.minutes(5)))
struct SleepTests {
    @Test("a shorter sleep ends before a longer one that began earlier, on the loop's thread")
    func order() async throws {
        let running = try RunningLoop()
        let journal = Journal<String>()
        try await running.on { loop in
            for (name, time) in [("long", 300), ("short", 1), ("none", 0), ("negative", -5)] {
                loop.startTask {
                    try? await loop.sleep(for: .milliseconds(time))
                    journal.note(loop.isCurrent ? name : "elsewhere")
                }
            }
        }
        let names = try await journal.wait(forCount: 4)
        #expect(names.last == "long")
        #expect(Set(names) == ["long", "short", "none", "negative"])
        #expect(try await running.end() == 0)
    }

    @Test("a task that sleeps for no time over and over does not keep the loop from its sockets")
    func noTime() async throws {
        let running = try RunningLoop()
        let journal = Journal<String>()
        let spinning = running.start { loop in
            journal.note("begun")
            while journal.entries.count == 1 { try await loop.sleep(for: .zero) }
        }
        _ = try await journal.wait(forCount: 1)
        // Comes through the loop's wake-up, which it polls as it does sockets.
        try await running.on { _ in journal.note("seen") }
        try await spinning.value
        #expect(try await running.end() == 0)
    }

    @Test("a clock that is put forward ends the sleeps and deadlines that it passes, and no other")
    func skip() async throws {
        final class Entry: DeadlineEntry {
            let passed: () -> Void
            init(_ passed: @escaping () -> Void) { self.passed = passed }
            override func deadlinePassed() { passed() }
        }
        let running = try RunningLoop()
        let journal = Journal<String>()
        let begin = try await running.on { loop in
            for hours in [1, 3] {
                loop.startTask {
                    try? await loop.sleep(for: .seconds(hours * 3600))
                    journal.note("sleep \(hours)")
                }
                let entry = Entry { journal.note("deadline \(hours)") }
                entry.setDeadline(loop.now + UInt64(hours * 3_600_000), on: loop.wheel)
            }
            return loop.now
        }
        for (hours, count) in [(2, 2), (2, 4)] {
            try await running.on { $0.skip(.seconds(hours * 3600)) }
            try await journal.wait(forCount: count)
            #expect(journal.entries.count == count)
        }
        #expect(Set(journal.entries.prefix(2)) == ["sleep 1", "deadline 1"])
        #expect(try await running.on { $0.now } >= begin + 4 * 3_600_000)
        #expect(try await running.end() == 0)
    }

    @Test("a task that runs elsewhere may sleep on a loop")
    func fromElsewhere() async throws {
        let running = try RunningLoop()
        try await running.loop.sleep(for: .milliseconds(1))
        #expect(!running.loop.isCurrent)
        #expect(try await running.end() == 0)
    }

    @Test("a task that was cancelled before does not begin to sleep")
    func cancelledBefore() async throws {
        let running = try RunningLoop()
        let task = running.start { loop in
            unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
            try await loop.sleep(for: .seconds(3600))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await running.end() == 0)
    }

    @Test("a sleep ends when its task is cancelled on the loop")
    func cancelledOnLoop() async throws {
        let running = try RunningLoop()
        let journal = Journal<Bool>()
        try await running.on { loop in
            let task = loop.startTask {
                do {
                    try await loop.sleep(for: .seconds(3600))
                } catch {
                    journal.note(error is CancellationError && loop.isCurrent)
                }
            }
            task.cancel()
        }
        #expect(try await journal.wait(forCount: 1) == [true])
        #expect(try await running.end() == 0)
    }

    @Test("a sleep ends when its task is cancelled by another thread")
    func cancelledElsewhere() async throws {
        let running = try RunningLoop()
        let begun = Journal<Void>()
        let tasks = (0..<100).map { number in
            running.start { loop in
                if number % 2 == 0 { begun.note(()) }
                try await loop.sleep(for: .seconds(3600))
            }
        }
        try await begun.wait(forCount: 50)
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        #expect(try await running.end() == 0)
    }

    @Test("sleeps that end while they are cancelled end once")
    func cancellationMeetsEnd() async throws {
        let running = try RunningLoop()
        for _ in 0..<20 {
            let tasks = (0..<20).map { number in
                Task(executorPreference: number % 2 == 0 ? running.loop.executor : nil) {
                    [loop = running.loop] in
                    try await loop.sleep(for: .milliseconds(number % 3))
                }
            }
            for task in tasks { task.cancel() }
            for task in tasks { _ = await task.result }
        }
        #expect(try await running.end() == 0)
    }

    @Test("the end of the loop cancels what sleeps on it, and what begins to sleep then")
    func loopEnds() async throws {
        let running = try RunningLoop()
        let begun = Journal<Void>()
        let task = running.start { loop in
            begun.note(())
            try? await loop.sleep(for: .seconds(3600))
            try await loop.sleep(for: .seconds(3600))
        }
        let outside = Task { [loop = running.loop] in
            begun.note(())
            try await loop.sleep(for: .seconds(3600))
        }
        try await begun.wait(forCount: 2)
        #expect(try await running.end() == 0)
        await #expect(throws: CancellationError.self) { try await task.value }
        await #expect(throws: CancellationError.self) { try await outside.value }
        await #expect(throws: CancellationError.self) { try await running.loop.sleep(for: .zero) }
    }

    @Test(
        "a duration becomes whole milliseconds, rounded up, and never too many",
        arguments: [
            (Duration.zero, UInt64(0)), (.milliseconds(-1), 0), (.seconds(-5), 0), (.microseconds(1), 1),
            (.milliseconds(1), 1), (.microseconds(1001), 2), (.seconds(2), 2000),
            (.seconds(Int64.max), 100 * 366 * 86_400_000),
        ])
    func milliseconds(duration: Duration, expected: UInt64) {
        #expect(duration.loopMilliseconds == expected)
    }
}
