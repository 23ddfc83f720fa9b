import CraneHTTP
import CraneSystem
import Dispatch

/// One queue that stands for the loop of all that lives on a loop without a task.
final class InProcessTurns: LoopTurns {
    static let shared = InProcessTurns()

    let queue = DispatchQueue(label: "crane.testing.loop")

    var now: UInt64 { SystemTime.monotonic() / 1_000_000 }

    @discardableResult
    func execute(_ call: @escaping @Sendable () -> Void) -> Bool {
        queue.async(execute: call)
        return true
    }

    /// It has no end.
    func whenEnded(_ call: @escaping @Sendable () -> Void) {}

    func execute(after delay: Duration, _ call: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + .init(delay), execute: call)
    }
}

extension InProcessLoop: LoopTurnsProvider {
    package var turns: any LoopTurns { InProcessTurns.shared }
}

extension DispatchTimeInterval {
    /// The duration, rounded up to a millisecond.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .milliseconds(Int(min(seconds, 1 << 40)) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1)
    }
}
