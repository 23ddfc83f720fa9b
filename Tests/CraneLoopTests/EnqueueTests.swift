import CraneSystem
import Synchronization
import TestSupport
import Testing

@testable import CraneLoop

@Suite("Tasks on a loop", .serialized, .timeLimit(.minutes(5)))
struct EnqueueTests {
    @Test("a task that does not wait causes no enqueue and ends at once")
    func immediateTask() async throws {
        let running = try RunningLoop()
        let enqueues = try await running.on { loop in
            let before = loop.executor.localEnqueues
            let order = Mutex<[String]>([])
            loop.startTask { order.withLock { $0.append("task") } }
            order.withLock { $0.append("caller") }
            #expect(order.withLock { $0 } == ["task", "caller"])
            return loop.executor.localEnqueues - before
        }
        #expect(enqueues == 0)
        #expect(try await running.end() == 0)
    }

    @Test("each wait that ends on the loop causes one enqueue", arguments: [1, 2, 3, 50])
    func enqueueForEachWait(waits: Int) async throws {
        let running = try RunningLoop()
        let journal = Journal<Int>()
        try await running.on { loop in
            let before = loop.executor.localEnqueues
            loop.startTask {
                for _ in 0..<waits {
                    // Resumed by the loop itself, in the next call that it makes.
                    await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
                }
                journal.note(loop.executor.localEnqueues - before)
            }
        }
        #expect(try await journal.wait(forCount: 1) == [waits])
        #expect(try await running.end() == 0)
    }

    @Test("a sleep causes one enqueue")
    func enqueueForSleep() async throws {
        let running = try RunningLoop()
        let enqueues = try await running.task { loop in
            let before = loop.executor.localEnqueues
            try await loop.sleep(for: .milliseconds(1))
            return loop.executor.localEnqueues - before
        }
        #expect(enqueues == 1)
        #expect(try await running.end() == 0)
    }

    @Test("blocking work causes one enqueue")
    func enqueueForBlockingWork() async throws {
        let running = try RunningLoop()
        let enqueues = try await running.task { loop in
            let before = loop.executor.localEnqueues
            try await loop.blocking {}
            return loop.executor.localEnqueues - before
        }
        #expect(enqueues == 1)
        #expect(try await running.end() == 0)
    }

    @Test("whatever another thread puts in while the loop is busy costs one wake-up")
    func oneWakeUpForMany() async throws {
        let running = try RunningLoop()
        let loop = running.loop
        let (journal, gate) = (Journal<Int>(), Gate())
        loop.execute {
            journal.note(loop.executor.wakeUps)
            gate.pass()
        }
        let before = try await journal.wait(forCount: 1)[0]
        let tasks = (0..<200).map { _ in running.start { $0.isCurrent } }
        for _ in 0..<1000 { loop.execute { journal.note(loop.executor.wakeUps) } }
        gate.open()
        #expect(try await journal.wait(forCount: 1001).dropFirst().allSatisfy { $0 == before + 1 })
        for task in tasks { #expect(try await task.value) }
        #expect(try await running.end() == 0)
    }

    @Test("a task that has waited elsewhere goes on on its loop's thread")
    func comesBack() async throws {
        let running = try RunningLoop()
        let places = try await running.task { loop in
            let before = loop.isCurrent
            let between = try await onThread { loop.isCurrent }
            return [before, between, loop.isCurrent]
        }
        #expect(places == [true, false, true])
        #expect(try await running.end() == 0)
    }

    @Test("calls run in the order in which one thread made them")
    func order() async throws {
        let running = try RunningLoop()
        let journal = Journal<Int>()
        for number in 0..<5000 { running.loop.execute { journal.note(number) } }
        #expect(try await journal.wait(forCount: 5000) == Array(0..<5000))
        #expect(try await running.end() == 0)
    }

    @Test("many threads that put in calls and tasks at once lose none")
    func manyThreads() async throws {
        let running = try RunningLoop()
        let count = Journal<Void>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await onThread {
                        for _ in 0..<500 {
                            running.loop.execute { count.note(()) }
                            _ = running.start { _ in count.note(()) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await count.wait(forCount: 4000)
        #expect(try await running.end() == 0)
    }

    @Test("two tasks that wake each other for ever do not keep the loop from its calls and timers")
    func fairness() async throws {
        let running = try RunningLoop()
        let slot = Mutex<CheckedContinuation<Void, Never>?>(nil)
        let isOver = Mutex(false)
        let players = (0..<2).map { _ in
            running.start { _ in
                while !isOver.withLock({ $0 }) {
                    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                        let other = slot.withLock { slot -> CheckedContinuation<Void, Never>? in
                            defer { slot = continuation }
                            return slot.take()
                        }
                        other?.resume()
                    }
                }
                slot.withLock { $0.take() }?.resume()
            }
        }
        try await running.task { try await $0.sleep(for: .milliseconds(5)) }
        #expect(try await running.on { $0.isCurrent })
        isOver.withLock { $0 = true }
        for player in players { try await player.value }
        #expect(try await running.end() == 0)
    }

    @Test("what is to be flushed is flushed once, after the tasks that were ready")
    func flush() async throws {
        let running = try RunningLoop()
        let journal = Journal<String>()
        try await running.on { loop in
            let output = Output(journal)
            loop.flushAfterDrain(output)
            loop.startTask {
                await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
                journal.note("task")
                loop.flushAfterDrain(output)
                journal.note("task still")
            }
            journal.note("turn")
        }
        #expect(try await journal.wait(forCount: 5) == ["turn", "flush", "task", "task still", "flush"])
        #expect(try await running.end() == 0)
    }

    @Test("work for a turn's end comes after the tasks that were ready; elsewhere it is left to the caller")
    func turnEnd() async throws {
        let running = try RunningLoop()
        let journal = Journal<String>()
        try await running.on { loop in
            let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)
            loop.startTask {
                #expect(CurrentLoop.atTurnEnd(Output(journal)))
                journal.note("task")
                await withCheckedContinuation { continuation in waiting.withLock { $0 = continuation } }
                journal.note("task still")
            }
            journal.note("turn")
            waiting.withLock { $0.take() }?.resume()
        }
        let noted = try await journal.wait(forCount: 4)
        #expect(noted == ["task", "turn", "task still", "flush"])
        #expect(!CurrentLoop.atTurnEnd(Output(journal)))
        #expect(try await running.end() == 0)
    }

    private final class Output: Flushable, TurnEndWork {
        let journal: Journal<String>

        init(_ journal: Journal<String>) { self.journal = journal }

        func flush() { journal.note("flush") }

        func turnEnds() { flush() }
    }

    @Test("a ring keeps its elements in order while it wraps and grows")
    func ring() {
        let ring = Ring<Int>()
        var (put, taken) = (0, 0)
        for round in 1..<200 {
            for _ in 0..<round {
                ring.append(put)
                put += 1
            }
            while ring.count > round / 2 {
                #expect(ring.removeFirst() == taken)
                taken += 1
            }
        }
        #expect(ring.count == put - taken)
    }
}
