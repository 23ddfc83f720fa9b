import CraneService
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
    private let logins = Mutex<(rule: RateRule, failed: FailedLogins)?>(nil)

    /// The service ends: what has not begun and was not promised is refused.
    func refuseWaiting() {
        for queue in [passwords, processing, pings] { queue.refuseWaiting() }
    }

    /// Who has failed to log in; begins anew when the rule is another one.
    func failedLogins(_ rule: RateRule) -> FailedLogins {
        logins.withLock { kept in
            if let kept, kept.rule == rule { return kept.failed }
            let failed = FailedLogins(rule)
            kept = (rule, failed)
            return failed
        }
    }
}
