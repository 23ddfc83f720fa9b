import CraneLoop
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("The end of a loop", .serialized, .timeLimit(.minutes(5)))
struct LoopCloseTests {
    @Test("a loop closes whatever is open on it")
    func closesEverything() async throws {
        let (listening, client, connection) = try await ListeningLoop.pair()
        let running = listening.running
        _ = try await running.on { loop in
            try connection.send(Array(repeating: 1, count: 16 << 20))
            connection.shutdownWriting()
            connection.setDeadline(loop.now + 60_000, on: loop.wheel)
            _ = try SignalSource(SIGURG, loop: loop) {}
        }
        let sleeper = running.start { try await $0.sleep(for: .seconds(3600)) }
        try await running.task { try await $0.sleep(for: .zero) }
        #expect(try await running.end() == 0)
        #expect(connection.journal.entries.last == .closed)
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        // The client sees the connection end.
        while let part = try? await client.receive(), !part.isEmpty {}
    }

    @Test("a loop that never ran closes what is open on it")
    func neverRun() throws {
        weak var gone: EventLoop?
        do {
            let loop = try EventLoop()
            gone = loop
            let socket = try ListeningSocket.bindLocal()
            let port = try #require(socket.address?.port)
            _ = try StreamListener(on: socket, loop: loop) { StreamConnection(loop: loop) }
            loop.close()
            #expect(loop.closeResult == 0)
            loop.close()
            // Its port is free.
            _ = try ListeningSocket.bindLocal(port: port)
        }
        #expect(gone == nil)
        // One with nothing on it closes when it goes.
        for _ in 0..<100 { _ = try EventLoop() }
    }

    @Test("a loop that is told twice to stop still closes what is open")
    func stopTwice() async throws {
        let (listening, _, connection) = try await ListeningLoop.pair()
        listening.running.loop.stop()
        listening.running.loop.stop()
        #expect(try await listening.running.end() == 0)
        #expect(connection.journal.entries.last == .closed)
    }

    @Test("an ended loop takes no calls, and says so")
    func callsAfterEnd() async throws {
        let running = try RunningLoop()
        #expect(try await running.end() == 0)
        #expect(!running.loop.execute { Issue.record("ran after the end") })
        running.loop.stop()
        #expect(!running.loop.isCurrent)
    }

    @Test("calls and wake-ups from other threads may meet the end of the loop")
    func endMeetsCalls() async throws {
        for _ in 0..<10 {
            let running = try RunningLoop()
            let (begun, taken) = (Journal<Void>(), Journal<Int>())
            // Touched on the loop's thread only.
            let ran = Atomic(0)
            for _ in 0..<3 {
                startThread { [loop = running.loop] in
                    loop.execute { begun.note(()) }
                    var count = 0
                    while count < 100_000, loop.execute({ ran.add(1, ordering: .relaxed) }) { count += 1 }
                    taken.note(count)
                }
            }
            try await begun.wait(forCount: 3)
            #expect(try await running.end() == 0)
            // What was taken has run.
            let counts = try await taken.wait(forCount: 3)
            #expect(ran.load(ordering: .relaxed) == counts.reduce(0, +))
        }
    }

    @Test(
        "a task that comes back to an ended loop does not run on another thread", .disabled(if: isLeakChecked)
    )
    func comesBackTooLate() async throws {
        let running = try RunningLoop()
        let (begun, over, resumed) = (Journal<Void>(), Gate(), Journal<Void>())
        running.loop.execute { [loop = running.loop] in
            loop.startTask {
                begun.note(())
                _ = try? await onThread {
                    over.pass()
                    // Whoever is resumed next has been told before this thread goes.
                    startThread { resumed.note(()) }
                }
                Issue.record("went on without its loop")
            }
        }
        try await begun.wait(forCount: 1)
        #expect(try await running.end() == 0)
        over.open()
        try await resumed.wait(forCount: 1)
    }
}

@Suite("Signals", .serialized, .timeLimit(.minutes(5)))
struct SignalTests {
    // A signal whose ordinary effect is none: another test, or nobody, may be listening.
    private static let number = SIGWINCH

    @Test("every loop that listens for a signal hears it on its own thread, until it stops listening")
    func heard() async throws {
        let (first, second) = (try RunningLoop(), try RunningLoop())
        let journal = Journal<String>()
        let source = try await first.on { loop in
            try Kept(
                SignalSource(SignalTests.number, loop: loop) {
                    journal.note(loop.isCurrent ? "first" : "lost")
                })
        }
        _ = try await second.on { loop in
            _ = try SignalSource(SignalTests.number, loop: loop) {
                journal.note(loop.isCurrent ? "second" : "lost")
            }
        }
        kill(getpid(), SignalTests.number)
        #expect(Set(try await journal.wait(forCount: 2)) == ["first", "second"])
        _ = try await first.on { _ in
            source.value.close()
            source.value.close()
        }
        kill(getpid(), SignalTests.number)
        #expect(try await journal.wait(forCount: 3)[2] == "second")
        #expect(try await first.end() == 0)
        #expect(try await second.end() == 0)
        #expect(journal.entries.count == 3)
    }

    @Test("what is no signal is refused, and the loop closes all the same")
    func invalid() async throws {
        let running = try RunningLoop()
        await #expect(throws: UVError.invalid) {
            _ = try await running.on { loop in _ = try SignalSource(0, loop: loop) {} }
        }
        #expect(try await running.end() == 0)
    }

    private final class Kept: @unchecked Sendable {
        // Touched on the loop only.
        let value: SignalSource

        init(_ value: SignalSource) { self.value = value }
    }
}
