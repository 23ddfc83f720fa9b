import CraneLoop
import TestSupport
import Testing

/// The loop is not run: its clock stands, and the tests move the wheel on.
@Suite("Deadlines")
struct DeadlineTests {
    private final class Entry: DeadlineEntry {
        var passed = 0
        var whenPassed: () -> Void = {}

        override func deadlinePassed() {
            passed += 1
            whenPassed()
        }
    }

    /// A deadline is met within a second of it.
    private static let slack: UInt64 = 1000

    private let loop: EventLoop
    private var wheel: DeadlineWheel { loop.wheel }

    init() throws { loop = try EventLoop() }

    /// Moves the wheel on in the steps that its timer makes.
    private func advance(to time: UInt64, from start: UInt64? = nil) {
        for now in stride(from: start ?? loop.now, through: time, by: 500) { wheel.advance(to: now) }
        wheel.advance(to: time)
    }

    @Test(
        "a deadline passes once, not before its time",
        arguments: [0, 1, 499, 500, 501, 1000, 75_000] as [UInt64])
    func passes(after milliseconds: UInt64) {
        let entry = Entry()
        let deadline = loop.now + milliseconds
        entry.setDeadline(deadline, on: wheel)
        if milliseconds > 0 { advance(to: deadline - 1) }
        #expect(entry.passed == 0)
        advance(to: deadline + DeadlineTests.slack, from: deadline)
        #expect(entry.passed == 1)
        advance(to: deadline + 300_000, from: deadline)
        #expect(entry.passed == 1)
    }

    @Test("a deadline in the past passes at the next tick")
    func past() {
        let entry = Entry()
        entry.setDeadline(loop.now > 5000 ? loop.now - 5000 : 0, on: wheel)
        advance(to: loop.now + DeadlineTests.slack)
        #expect(entry.passed == 1)
    }

    @Test("a deadline that is moved on passes at the new time only")
    func extended() {
        let entry = Entry()
        for step in 1...20 as ClosedRange<UInt64> {
            let now = loop.now + step * 700
            entry.setDeadline(now + 2000, on: wheel)
            wheel.advance(to: now)
        }
        #expect(entry.passed == 0)
        advance(to: loop.now + 14_000 + 2000 + DeadlineTests.slack, from: loop.now + 14_000)
        #expect(entry.passed == 1)
    }

    @Test("a deadline that is moved forward passes at the new time")
    func shortened() {
        let entry = Entry()
        entry.setDeadline(loop.now + 60_000, on: wheel)
        entry.setDeadline(loop.now + 1000, on: wheel)
        advance(to: loop.now + 1000 + DeadlineTests.slack)
        #expect(entry.passed == 1)
    }

    @Test("a cleared deadline does not pass, and can be set again")
    func cleared() {
        let entry = Entry()
        entry.setDeadline(loop.now + 1000, on: wheel)
        entry.clearDeadline()
        advance(to: loop.now + 10_000)
        #expect(entry.passed == 0)
        entry.setDeadline(loop.now + 12_000, on: wheel)
        advance(to: loop.now + 12_000 + DeadlineTests.slack, from: loop.now + 10_000)
        #expect(entry.passed == 1)
    }

    @Test(
        "a deadline beyond the wheel's turn of 128 s passes in its time",
        arguments: [128, 129, 300, 3600] as [UInt64])
    func farAway(seconds: UInt64) {
        let entry = Entry()
        let deadline = loop.now + seconds * 1000
        entry.setDeadline(deadline, on: wheel)
        advance(to: deadline - 1)
        #expect(entry.passed == 0)
        advance(to: deadline + DeadlineTests.slack, from: deadline)
        #expect(entry.passed == 1)
    }

    @Test(
        "after the loop has stalled every deadline that is due passes",
        arguments: [10, 128, 500, 100_000] as [UInt64])
    func stall(seconds: UInt64) {
        let entries = (0..<300).map { _ in Entry() }
        for (number, entry) in entries.enumerated() {
            entry.setDeadline(loop.now + UInt64(number) * 500, on: wheel)
        }
        let now = loop.now + seconds * 1000
        wheel.advance(to: now)
        for (number, entry) in entries.enumerated() {
            let age = Int(seconds * 1000) - number * 500
            if age >= 1000 { #expect(entry.passed == 1) }
            if age < 0 { #expect(entry.passed == 0) }
        }
    }

    @Test("entries may take themselves and others out while the wheel goes round")
    func removalWhileWalking() {
        let entries = (0..<100).map { _ in Entry() }
        for (number, entry) in entries.enumerated() {
            entry.setDeadline(loop.now + 1000, on: wheel)
            entry.whenPassed = { [wheel] in
                // A pair goes together, whichever comes first.
                wheel.remove(entry)
                wheel.remove(entries[number ^ 1])
            }
        }
        advance(to: loop.now + 5000)
        #expect(entries.reduce(0) { $0 + $1.passed } == 50)
        for pair in 0..<50 { #expect(entries[2 * pair].passed + entries[2 * pair + 1].passed == 1) }
        for entry in entries { entry.whenPassed = {} }
    }

    @Test("entries may set new deadlines, their own and others', while the wheel goes round")
    func settingWhileWalking() {
        let entries = (0..<50).map { _ in Entry() }
        for (number, entry) in entries.enumerated() {
            entry.setDeadline(loop.now + 1000, on: wheel)
            entry.whenPassed = { [loop] in
                guard entry.passed == 1, number % 2 == 0 else { return }
                entry.setDeadline(loop.now + 4000, on: loop.wheel)
                entries[number + 1].setDeadline(loop.now + 4000, on: loop.wheel)
            }
        }
        advance(to: loop.now + 3900)
        #expect(stride(from: 0, to: 50, by: 2).allSatisfy { entries[$0].passed == 1 })
        advance(to: loop.now + 20_000, from: loop.now + 4000)
        #expect(stride(from: 0, to: 50, by: 2).allSatisfy { entries[$0].passed == 2 })
        // Depends on who came first.
        #expect(entries.allSatisfy { $0.passed == 1 || $0.passed == 2 })
        for entry in entries { entry.whenPassed = {} }
    }

    @Test("ten thousand entries pass, are cleared or move on, each in its own way")
    func thousands() {
        let entries = (0..<10_000).map { _ in Entry() }
        for (number, entry) in entries.enumerated() {
            entry.setDeadline(loop.now + UInt64(number % 997) * 200, on: wheel)
            if number % 5 == 0 { entry.clearDeadline() }
            if number % 5 == 1 { wheel.remove(entry) }
            if number % 5 == 2 { entry.setDeadline(loop.now + 500_000, on: wheel) }
        }
        advance(to: loop.now + 250_000)
        for (number, entry) in entries.enumerated() where entry.passed != (number % 5 > 2 ? 1 : 0) {
            Issue.record("entry \(number) passed \(entry.passed) times")
        }
        advance(to: loop.now + 501_000, from: loop.now + 250_000)
        #expect(entries.reduce(0) { $0 + $1.passed } == 6000)
    }

    @Test("an entry that has left is not kept alive")
    func release() {
        weak var removed: Entry?
        weak var passed: Entry?
        do {
            let (first, second) = (Entry(), Entry())
            (removed, passed) = (first, second)
            first.setDeadline(loop.now + 1000, on: wheel)
            second.setDeadline(loop.now + 1000, on: wheel)
            wheel.remove(first)
        }
        #expect(removed == nil)
        #expect(passed != nil)
        advance(to: loop.now + 5000)
        #expect(passed == nil)
    }

    @Test("the end of the loop lets go of what is on its wheel, however much, and takes no more")
    func loopEnds() {
        weak var gone: Entry?
        // A closed loop has no clock.
        let deadline = loop.now + 1000
        do {
            let entries = (0..<100_000).map { _ in Entry() }
            gone = entries.last
            for entry in entries { entry.setDeadline(deadline, on: wheel) }
        }
        #expect(gone != nil)
        loop.close()
        #expect(loop.closeResult == 0)
        #expect(gone == nil)
        do {
            let late = Entry()
            gone = late
            late.setDeadline(deadline, on: wheel)
        }
        #expect(gone == nil)
    }

    @Test("the wheel of a running loop turns by itself", .timeLimit(.minutes(5)))
    func running() async throws {
        let running = try RunningLoop()
        let journal = Journal<Void>()
        try await running.on { loop in
            let entry = Entry()
            entry.whenPassed = { journal.note(()) }
            entry.setDeadline(loop.now + 1, on: loop.wheel)
        }
        try await journal.wait(forCount: 1)
        #expect(try await running.end() == 0)
    }
}
