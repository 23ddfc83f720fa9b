import Crane
import CranePasswords
import CraneService
import CraneSystem

/// Counts wrong names and passwords, for the address that sent them and for the name that they were for.
///
/// Whoever has had too many is refused before a password is hashed, a right one too: 429 with `Retry-After`. The name is
/// counted over all addresses, whether anybody has it or not. Those that are being hashed at the moment are not counted yet:
/// a few more than the bound may fail. Memory is fixed, 24 bytes for each of 2 x 4,096 that are known; see `RateLimiter`. Any thread.
final class FailedLogins: Sendable {
    private let addresses: RateLimiter
    private let names: RateLimiter
    /// Nobody can choose names that count as another.
    private let secret: [UInt8]

    /// - Parameters:
    ///   - servers: among how many the rule is divided.
    ///   - counting: who counts for all of them, and a secret that all have; `nil` where each counts by itself.
    init(_ rule: RateRule, sharedAmong servers: ServerCount, counting: SharedCounting? = nil) {
        func limiter(_ name: String) -> RateLimiter {
            RateLimiter(
                rule.count, per: .seconds(rule.seconds), clients: 4096, sharedAmong: servers,
                countedBy: counting?.counter, as: name)
        }
        addresses = limiter("login-address")
        names = limiter("login-name")
        secret = counting?.secret ?? SecretToken.randomBytes()
    }

    /// Throws 429 when the client, or whoever tries this name, must wait.
    func check(_ name: String, from client: PeerAddress) async throws {
        let (byAddress, byName) = (
            await addresses.peekShared(RateLimiter.Key(client)), await names.peekShared(key(name))
        )
        let wait = max(byAddress.retryAfter, byName.retryAfter)
        guard wait > 0 else { return }
        throw HTTPError(.tooManyRequests, FailedLogins.refusal, headers: [.retryAfter: String(wait)])
    }

    /// Counts a login that has failed.
    func count(_ name: String, from client: PeerAddress) async {
        await addresses.acquireShared(RateLimiter.Key(client))
        await names.acquireShared(key(name))
    }

    static let refusal = "Too many failed logins"

    private func key(_ name: String) -> RateLimiter.Key {
        let hash = BLAKE2b.hash(Array(name.composed.utf8), count: 16, key: secret)
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return RateLimiter.Key(high: number(hash[..<8]), low: number(hash[8...]))
    }
}
