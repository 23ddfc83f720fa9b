import Crane
import CranePasswords
import CraneService
import Synchronization

/// Who counts rates for all nodes, and a secret that they share.
struct SharedCounting: Sendable {
    let counter: any SharedRateCounter
    let secret: [UInt8]
}

/// What a reload must not forget, handed from one set of routes to the next: what clients have taken, what works.
final class StateAcrossReloads: Sendable {
    /// Who has asked for `/limited`.
    let limited = SlidingWindow(5, per: .seconds(60))
    /// Hashes passwords: each takes much memory and a processor of its own.
    let passwords = Passwords(atOnce: 2, waiting: 64)
    let verified = VerifiedPasswords()
    /// What `/process` has promised to do after its response.
    let processing = WorkQueue(places: 0..<4, waiting: 256)
    /// Where `/good-ping` blocks.
    let pings = WorkQueue(places: 0..<8, waiting: 256)
    /// Where the long lists of the rooms are read.
    let roomReads = WorkQueue(places: 0..<1, waiting: 32)
    private let logins: Counted<FailedLogins>
    private let participants: Counted<RateLimiter>
    private let networks: Counted<RateLimiter>

    /// - Parameters:
    ///   - servers: among how many nodes quotas are divided.
    ///   - counting: who counts for all of them; `nil` where each counts its part.
    init(sharedAmong servers: ServerCount = ServerCount(), counting: SharedCounting? = nil) {
        logins = Counted { FailedLogins($0, sharedAmong: servers, counting: counting) }
        participants = Counted {
            RateLimiter(
                $0.count, per: .seconds($0.seconds), sharedAmong: servers, countedBy: counting?.counter,
                as: "participant")
        }
        networks = Counted {
            RateLimiter(
                $0.count, per: .seconds($0.seconds), clients: 4096, sharedAmong: servers,
                countedBy: counting?.counter, as: "network")
        }
    }

    /// The service ends: what has not begun and was not promised is refused.
    func refuseWaiting() {
        passwords.refuseWaiting()
        for queue in [processing, pings, roomReads] { queue.refuseWaiting() }
    }

    /// Who has failed to log in; begins anew when the rule is another one.
    func failedLogins(_ rule: RateRule) -> FailedLogins { logins.value(for: rule) }

    /// What the room has taken of its rates; each begins anew when it is another one.
    func roomRates(_ settings: Settings) -> RoomRates {
        RoomRates(
            participants: settings.participantRate.map { participants.value(for: $0) },
            networks: settings.networkRate.map { networks.value(for: $0) })
    }

    /// What is counted by a rule, as long as the rule stays.
    private final class Counted<Value: Sendable>: Sendable {
        private let kept = Mutex<(rule: RateRule, value: Value)?>(nil)
        private let make: @Sendable (RateRule) -> Value

        init(_ make: @escaping @Sendable (RateRule) -> Value) { self.make = make }

        func value(for rule: RateRule) -> Value {
            kept.withLock { kept in
                if let kept, kept.rule == rule { return kept.value }
                let value = make(rule)
                kept = (rule, value)
                return value
            }
        }
    }
}
