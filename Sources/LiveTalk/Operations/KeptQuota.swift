import Crane
import Synchronization

/// What clients have taken of the rate limit, kept from one reload to the next while the limit stays the same.
final class KeptQuota: Sendable {
    private let kept = Mutex<(rule: Settings.RateRule, quota: Quota)?>(nil)

    func quota(for rule: Settings.RateRule) -> Quota {
        kept.withLock { kept in
            if let kept, kept.rule == rule { return kept.quota }
            let quota = Quota(rule.count, per: .seconds(rule.seconds))
            kept = (rule, quota)
            return quota
        }
    }
}
