import CranePasswords
import CraneSystem
import Synchronization

/// Passwords that have matched a short while ago: HTTP Basic sends one with every request, and a hash for each would take
/// a processor.
///
/// Keeps neither passwords nor names but a keyed BLAKE2b hash over password and stored hash, whose key the process makes
/// for itself: another password in the database, and what was kept stands for nothing. Wrong passwords are not kept.
final class VerifiedPasswords: Sendable {
    private let key: [UInt8]
    private let capacity: Int
    private let lifetime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    /// Until when a password need not be hashed again.
    private let ends = Mutex<[[UInt8]: ContinuousClock.Instant]>([:])

    /// - Parameters:
    ///   - capacity: passwords that are remembered at one time; the next one takes the place of all.
    ///   - now: the clock, for tests.
    init(
        capacity: Int = 1000, lifetime: Duration = .seconds(60),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        key = SecretToken.randomBytes()
        self.capacity = capacity
        self.lifetime = lifetime
        self.now = now
    }

    /// Whether this password has matched this hash less than `lifetime` ago. Takes a microsecond and a short lock.
    func contains(_ password: String, for hash: PasswordHash) -> Bool {
        let tag = tag(password, hash)
        let now = now()
        return ends.withLock { ends in ends[tag].map { now < $0 } ?? false }
    }

    /// Remembers that this password has just matched this hash.
    func insert(_ password: String, for hash: PasswordHash) {
        let tag = tag(password, hash)
        let now = now()
        ends.withLock { ends in
            if ends.count >= capacity { ends.removeAll(keepingCapacity: true) }
            ends[tag] = now + lifetime
        }
    }

    private func tag(_ password: String, _ hash: PasswordHash) -> [UInt8] {
        // A hash is ASCII and has no zero byte: the two cannot run into each other.
        return BLAKE2b.hash(Array(hash.text.utf8) + [0] + Array(password.composed.utf8), key: key)
    }
}
