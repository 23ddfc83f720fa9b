import CraneHTTP
import CraneLoop

extension ServerLoop: LoopTurns, LoopTurnsProvider {
    var turns: any LoopTurns { self }
    var now: UInt64 { events.now }

    @discardableResult
    func execute(_ call: @escaping @Sendable () -> Void) -> Bool { events.execute(call) }

    func execute(after delay: Duration, _ call: @escaping @Sendable () -> Void) {
        // The wheel holds it until then.
        LaterCall(call).setDeadline(events.now + delay.loopMilliseconds, on: events.wheel)
    }

    func whenEnded(_ call: @escaping @Sendable () -> Void) { endings.append(call) }
}

/// A call that the wheel makes when it is due.
private final class LaterCall: DeadlineEntry {
    private let call: @Sendable () -> Void

    init(_ call: @escaping @Sendable () -> Void) { self.call = call }

    override func deadlinePassed() { call() }
}
