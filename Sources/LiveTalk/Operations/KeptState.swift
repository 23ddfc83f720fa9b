import Crane
import Synchronization

/// What a reload must not forget, handed from one set of routes to the next: what clients have taken, what works.
final class KeptState: Sendable {
    /// Who has asked for `/limited`.
    let limited = SlidingWindow(5, per: .seconds(60))
    /// Hashes passwords: each takes much memory and a processor of its own.
    let passwords = WorkQueue(places: 0..<2, waiting: 64)
    let verified = VerifiedPasswords()
    /// What `/process` has promised to do after its answer.
    let processing = WorkQueue(places: 0..<4, waiting: 256)
    /// Where `/good-ping` blocks.
    let pings = WorkQueue(places: 0..<8, waiting: 256)
    /// The service ends: what has not begun and was not promised is refused.
    func refuseWaiting() {
        for queue in [passwords, processing, pings] { queue.refuseWaiting() }
    }

    private let rateLimit = Counted { Quota($0.count, per: .seconds($0.seconds)) }
    private let failedLogins = Counted(FailedLogins.init)

    /// What clients have taken of the rate limit; begins anew when the limit is another one.
    func quota(for rule: Settings.RateRule) -> Quota { rateLimit.value(for: rule) }

    /// Who has failed to log in; begins anew likewise.
    func failedLogins(_ rule: Settings.RateRule) -> FailedLogins { failedLogins.value(for: rule) }

    /// What is counted by a rule, as long as the rule stays.
    private final class Counted<Value: Sendable>: Sendable {
        private let kept = Mutex<(rule: Settings.RateRule, value: Value)?>(nil)
        private let make: @Sendable (Settings.RateRule) -> Value

        init(_ make: @escaping @Sendable (Settings.RateRule) -> Value) { self.make = make }

        func value(for rule: Settings.RateRule) -> Value {
            kept.withLock { kept in
                if let kept, kept.rule == rule { return kept.value }
                let value = make(rule)
                kept = (rule, value)
                return value
            }
        }
    }
}
