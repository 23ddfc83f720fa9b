import Glibc
import Synchronization
import TestSupport
import Testing

@testable import CraneLoop

@Suite("A turn's share", .serialized, .timeLimit(.minutes(5)))
struct LoopTurnTests {
    /// A loop that does one thing of each kind a turn.
    private func running() async throws -> RunningLoop {
        let running = try RunningLoop()
        try await running.on { $0.turnShare = 0 }
        return running
    }

    @Test("calls that another thread has put in together are run over many turns, in order")
    func calls() async throws {
        let running = try await running()
        let (journal, gate) = (Journal<[UInt64]>(), Gate())
        running.loop.execute { gate.pass() }
        for number in 0..<100 as Range<UInt64> {
            running.loop.execute { [loop = running.loop] in journal.note([number, loop.turns]) }
        }
        gate.open()
        let entries = try await journal.wait(forCount: 100)
        #expect(entries.map { $0[0] } == Array(0..<100))
        // One before the sockets are served, and one behind them.
        #expect(Set(entries.map { $0[1] }).count >= 50)
        #expect(try await running.end() == 0)
    }

    @Test("tasks that are resumed together run over many turns")
    func tasks() async throws {
        let running = try await running()
        let turns = Journal<UInt64>()
        let latch = Mutex<[CheckedContinuation<Void, Never>]>([])
        let tasks = (0..<100).map { _ in
            running.start { loop in
                await withCheckedContinuation { continuation in latch.withLock { $0.append(continuation) } }
                turns.note(loop.turns)
            }
        }
        try await onThread { while latch.withLock({ $0.count }) < 100 { sched_yield() } }
        try await running.on { _ in
            for continuation in latch.withLock({ $0 }) { continuation.resume() }
        }
        for task in tasks { try await task.value }
        #expect(Set(turns.entries).count >= 50)
        #expect(try await running.end() == 0)
    }

    private final class Entry: DeadlineEntry {
        let passed: () -> Void

        init(_ passed: @escaping () -> Void) { self.passed = passed }

        override func deadlinePassed() { passed() }
    }

    @Test("deadlines that pass together are served some in a turn")
    func deadlines() async throws {
        let running = try await running()
        let turns = Journal<UInt64>()
        try await running.on { loop in
            for _ in 0..<200 { Entry { turns.note(loop.turns) }.setDeadline(0, on: loop.wheel) }
        }
        #expect(Set(try await turns.wait(forCount: 200)).count == 7)
        #expect(try await running.end() == 0)
    }

    @Test("what a socket has brought meanwhile is read before a deadline that has passed")
    func readsBeforeDeadlines() async throws {
        let (listening, client, connection) = try await ListeningLoop.pair()
        let (begun, gate) = (Journal<Void>(), Gate())
        let order = Journal<String>()
        listening.running.loop.execute { [loop = listening.running.loop] in
            let entry = Entry { order.note(connection.journal.entries.bytes.isEmpty ? "late" : "read") }
            entry.setDeadline(0, on: loop.wheel)
            begun.note(())
            gate.pass()
            // A process that is stopped for longer than a tick of the wheel.
            _ = poll(nil, 0, Int32(2 * DeadlineWheel.tick))
        }
        try await begun.wait(forCount: 1)
        try await client.send([1])
        gate.open()
        #expect(try await order.wait(forCount: 1) == ["read"])
        #expect(try await listening.running.end() == 0)
    }

    @Test("one socket that always has more is read a few times in a turn")
    func fullReads() async throws {
        let (listening, client, connection) = try await ListeningLoop.pair(startsReading: false)
        let turns = Journal<UInt64>()
        let taken = try client.fill(with: Array(repeating: 1, count: 64 << 10))
        let reader = try await listening.running.on { loop -> Bool in
            connection.whenRead = { turns.note(loop.turns) }
            connection.startReading()
            return connection.isReading
        }
        #expect(reader)
        let rest = Array(repeating: 1, count: 1 << 20) as [UInt8]
        try await client.send(rest)
        try await connection.journal.wait { $0.bytes.count == taken + rest.count }
        for turn in Set(turns.entries) { #expect(turns.entries.count { $0 == turn } <= 4) }
        #expect(try await listening.running.end() == 0)
    }

    @Test("a backlog of connections is accepted over several turns")
    func accepts() async throws {
        let listening = try ListeningLoop()
        let port = try await listening.listen { try .bindLocal() }
        let (gate, begun) = (Gate(), Journal<Void>())
        let loop = listening.running.loop
        loop.execute {
            begun.note(())
            gate.pass()
        }
        try await begun.wait(forCount: 1)
        var clients: [RawSocket] = []
        for _ in 0..<200 { clients.append(try await RawSocket(port: port)) }
        let before = loop.turns
        gate.open()
        try await listening.accepted.wait(forCount: 200)
        let after = try await listening.running.on { $0.turns }
        #expect(after - before >= 3)
        for connection in listening.accepted.entries {
            try await connection.journal.wait { $0.contains(.opened) }
        }
        #expect(try await listening.running.end() == 0)
    }
}
