import CraneLoop
import TestSupport
import Testing

@Suite("Blocking work", .serialized, .timeLimit(.minutes(5)))
struct BlockingTests {
    private struct Broken: Error {}

    @Test("the work runs on another thread and its result comes back to the loop")
    func result() async throws {
        let running = try RunningLoop()
        let (there, here) = try await running.task { loop in
            let there = try await loop.blocking { loop.isCurrent }
            return (there, loop.isCurrent)
        }
        #expect(!there)
        #expect(here)
        #expect(try await running.end() == 0)
    }

    @Test("an error of the work is thrown to whoever waits")
    func error() async throws {
        let running = try RunningLoop()
        await #expect(throws: Broken.self) {
            try await running.task { loop in try await loop.blocking { throw Broken() } }
        }
        #expect(try await running.end() == 0)
    }

    @Test("a task that runs elsewhere may give a loop blocking work")
    func fromElsewhere() async throws {
        let running = try RunningLoop()
        #expect(try await running.loop.blocking { 7 } == 7)
        #expect(try await running.end() == 0)
    }

    @Test("the loop goes on while work blocks, and several pieces block at once")
    func concurrency() async throws {
        let running = try RunningLoop()
        let (begun, gate) = (Journal<Void>(), Gate())
        let tasks = (0..<8).map { number in
            running.start { loop in
                try await loop.blocking {
                    begun.note(())
                    gate.pass()
                    return number
                }
            }
        }
        try await begun.wait(forCount: 8)
        #expect(try await running.on { $0.isCurrent })
        gate.open()
        for (number, task) in tasks.enumerated() { #expect(try await task.value == number) }
        #expect(try await running.end() == 0)
    }

    @Test("work over the bound is refused at once, and taken again when there is room")
    func bound() async throws {
        let running = try RunningLoop()
        let (begun, gate) = (Journal<Void>(), Gate())
        let tasks = (0..<4).map { _ in
            running.start { loop in
                try await loop.blocking {
                    begun.note(())
                    gate.pass()
                }
            }
        }
        try await begun.wait(forCount: 4)
        await #expect(throws: WorkerPoolFull.self) {
            try await running.task { loop in try await loop.blocking(bound: 4) {} }
        }
        gate.open()
        for task in tasks { try await task.value }
        try await running.task { loop in try await loop.blocking {} }
        #expect(try await running.end() == 0)
    }

    @Test("work that waits for a thread is taken back when its task is cancelled")
    func cancelled() async throws {
        let running = try RunningLoop()
        let (begun, gate) = (Journal<Void>(), Gate())
        // More than there are threads.
        let tasks = (0..<40).map { _ in
            running.start { loop in
                try await loop.blocking {
                    begun.note(())
                    gate.pass()
                }
            }
        }
        // Those that have begun do not heed it.
        try await begun.wait(forCount: 1)
        let last = running.start { loop in try await loop.blocking { Issue.record("has run") } }
        try await running.task { try await $0.sleep(for: .zero) }
        last.cancel()
        await #expect(throws: CancellationError.self) { try await last.value }
        gate.open()
        for task in tasks { try await task.value }
        #expect(try await running.end() == 0)
    }

    @Test("a loop that ends waits for no work, and refuses work after that")
    func loopEnds() async throws {
        let running = try RunningLoop()
        let (begun, gate, ended) = (Journal<Void>(), Gate(), Journal<Void>())
        let task = running.start { loop in
            try await loop.blocking {
                begun.note(())
                gate.pass()
                ended.note(())
            }
        }
        try await begun.wait(forCount: 1)
        #expect(try await running.end() == 0)
        await #expect(throws: CancellationError.self) { try await task.value }
        await #expect(throws: CancellationError.self) { try await running.loop.blocking {} }
        // What comes of it later is nobody's.
        gate.open()
        try await ended.wait(forCount: 1)
    }
}
