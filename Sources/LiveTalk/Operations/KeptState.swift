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
    private let rateLimit = Mutex<(rule: Settings.RateRule, quota: Quota)?>(nil)

    /// What clients have taken of the rate limit; begins anew when the limit is another one.
    func quota(for rule: Settings.RateRule) -> Quota {
        rateLimit.withLock { kept in
            if let kept, kept.rule == rule { return kept.quota }
            let quota = Quota(rule.count, per: .seconds(rule.seconds))
            kept = (rule, quota)
            return quota
        }
    }
}
