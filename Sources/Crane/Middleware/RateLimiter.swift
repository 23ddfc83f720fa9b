public import CraneHTTP
import CraneSystem
import Synchronization

/// Counts what each client has taken of a number of requests in a span of time.
///
/// The generic cell rate algorithm: a client may take all at once and then gets one back each `window / count`. What is
/// kept of a client is one time. A client is what `PeerAddress.subscriber` says.
///
/// Safe to share between loops. Its memory is fixed: 24 bytes a client. A client is forgotten as soon as it has its whole
/// quota back; when more are known than there is room for, the one of eight that has the most back is forgotten early.
public final class RateLimiter: Sendable {
    /// What a request was told.
    public struct Decision: Sendable, Equatable {
        /// Whether it may be served.
        public let isAllowed: Bool
        /// Requests that the client may still make now.
        public let remaining: Int
        /// Seconds until the client has its whole quota back.
        public let reset: Int
        /// Seconds until the next request is allowed; 0 when one is allowed now.
        public let retryAfter: Int

        package init(isAllowed: Bool, remaining: Int, reset: Int, retryAfter: Int) {
            self.isAllowed = isAllowed
            self.remaining = remaining
            self.reset = reset
            self.retryAfter = retryAfter
        }
    }

    /// What is counted: 128 bits, of a client's address or of anything else that is a hash of that length.
    package struct Key: Hashable, Sendable {
        package let high: UInt64
        package let low: UInt64

        package init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        package init(_ client: PeerAddress) {
            let subscriber = client.subscriber
            self.init(high: subscriber.high, low: subscriber.low)
        }

        /// A key of a text, the same on every server: the first 128 bits of its SHA-256.
        init(of text: String) {
            let digest = SHA256.digest(Array(text.utf8))
            func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
            self.init(high: number(digest[..<8]), low: number(digest[8..<16]))
        }
    }

    private struct Slot: Sendable {
        var key = Key(high: 0, low: 0)
        /// When the whole quota is back, the theoretical arrival time; 0 for a free slot.
        var full: UInt64 = 0
    }

    private final class Shard: Sendable {
        let slots: Mutex<[Slot]>

        init(slots count: Int) {
            slots = Mutex(Array(repeating: Slot(), count: count))
        }
    }

    /// Slots that one key may stand in.
    private static let ways = 8
    private static let shardBits: UInt64 = 4

    /// Requests that a client may make in one window.
    public let count: Int
    /// The time in which a whole quota comes back.
    public let window: Duration
    /// Nanoseconds that one request stands for where nobody else gives any out, and that all of them do.
    let single: UInt64
    let capacity: UInt64
    /// Who counts for all servers, and what keys begin with there; `nil` where each counts its part.
    let shared: (counter: any SharedRateCounter, name: String)?
    private let servers: ServerCount?
    private let buckets: UInt64
    private let shards: [Shard]
    private let clock: @Sendable () -> UInt64
    /// The policy's field line, and the other's up to its numbers.
    let linesStart: [UInt8]
    // Random, so that nobody can choose addresses that share a bucket.
    private let seed = UInt64.random(in: 0...UInt64.max)

    /// - Parameters:
    ///   - count: requests, at least 1.
    ///   - window: the span in which they may be made, at least a millisecond.
    ///   - clients: how many clients there is room for.
    ///   - servers: among how many the quota is divided, of which each lets one request through at least; `nil` for this one alone.
    ///   - counter: who counts for all servers as long as they answer, for ``acquireShared(_:)``.
    ///   - name: what tells this limit from others that the same counter counts.
    public convenience init(
        _ count: Int, per window: Duration, clients: Int = 65_536, sharedAmong servers: ServerCount? = nil,
        countedBy counter: (any SharedRateCounter)? = nil, as name: String = "rate"
    ) {
        self.init(
            count, per: window, clients: clients, sharedAmong: servers, countedBy: counter, as: name,
            clock: SystemTime.coarseMonotonic)
    }

    /// - Parameter clock: nanoseconds from any start but 0.
    package init(
        _ count: Int, per window: Duration, clients: Int, sharedAmong servers: ServerCount? = nil,
        countedBy counter: (any SharedRateCounter)? = nil, as name: String = "rate",
        clock: @escaping @Sendable () -> UInt64
    ) {
        precondition(
            count >= 1 && window >= .milliseconds(1), "a quota is at least one request a millisecond")
        self.count = count
        self.window = window
        let policy = RateLimiter.policy(count, per: window)
        linesStart = Array("ratelimit-policy: \(policy)\r\nratelimit: \"default\";r=".utf8)
        self.clock = clock
        let (seconds, attoseconds) = window.components
        let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        single = max(1, nanoseconds / UInt64(count))
        capacity = single * UInt64(count)
        self.servers = servers
        shared = counter.map { ($0, "\(name):\(count)/\(seconds)") }
        let perShard = max(1, clients / (RateLimiter.ways << Int(RateLimiter.shardBits)))
        buckets = UInt64(perShard)
        shards = (0..<(1 << RateLimiter.shardBits)).map { _ in Shard(slots: perShard * RateLimiter.ways) }
    }

    /// Nanoseconds that one request stands for: each server's requests stand for so many as there are servers.
    private var interval: UInt64 {
        guard let servers else { return single }
        return single * UInt64(min(servers.value, count))
    }

    /// Takes one request from the client's quota, if there is one left. Costs a clock reading and a short lock.
    public func acquire(_ client: PeerAddress) -> Decision { acquire(Key(client)) }

    /// The same for what is no client.
    @discardableResult
    package func acquire(_ key: Key) -> Decision {
        let now = clock()
        let interval = interval
        let (shard, first) = place(of: key)
        return shard.slots.withLock { slots in
            let index =
                RateLimiter.index(of: key, in: slots, from: first)
                ?? RateLimiter.give(key, in: &slots, from: first)
            let start = max(slots[index].full, now)
            let end = start + interval
            guard end - now <= capacity else { return decision(false, full: start - now, interval) }
            slots[index].full = end
            return decision(true, full: end - now, interval)
        }
    }

    /// What `acquire` would say, without taking anything.
    package func peek(_ key: Key) -> Decision { peek(key, interval) }

    /// The same where one request stands for so many nanoseconds.
    func peek(_ key: Key, _ interval: UInt64) -> Decision {
        let now = clock()
        let (shard, first) = place(of: key)
        return shard.slots.withLock { slots in
            let full =
                RateLimiter.index(of: key, in: slots, from: first).map { max(slots[$0].full, now) - now } ?? 0
            return decision(full + interval <= capacity, full: full, interval)
        }
    }

    /// Notes that the whole quota is back in so many nanoseconds, which others know better.
    func learn(_ key: Key, full: UInt64) {
        let now = clock()
        let (shard, first) = place(of: key)
        shard.slots.withLock { slots in
            let index =
                RateLimiter.index(of: key, in: slots, from: first)
                ?? RateLimiter.give(key, in: &slots, from: first)
            slots[index].full = max(slots[index].full, now + min(full, capacity))
        }
    }

    /// The shard of a key, and the first of the slots that it may stand in.
    private func place(of key: Key) -> (Shard, Int) {
        let hash = mixed(key.high ^ seed ^ mixed(key.low ^ seed))
        return (
            shards[Int(hash >> (64 - RateLimiter.shardBits))],
            Int((hash & 0xFFFF_FFFF) % buckets) * RateLimiter.ways
        )
    }

    func decision(_ isAllowed: Bool, full: UInt64, _ interval: UInt64) -> Decision {
        let remaining = (capacity - min(full, capacity)) / interval
        let wait = full + interval > capacity ? full + interval - capacity : 0
        return Decision(
            isAllowed: isAllowed, remaining: Int(remaining), reset: RateLimiter.seconds(full),
            retryAfter: RateLimiter.seconds(wait))
    }

    /// Whole seconds, rounded up: who waits them has waited long enough.
    private static func seconds(_ nanoseconds: UInt64) -> Int {
        Int((nanoseconds + 999_999_999) / 1_000_000_000)
    }

    private static func index(of key: Key, in slots: [Slot], from first: Int) -> Int? {
        for index in first..<(first + ways) where slots[index].full > 0 && slots[index].key == key {
            return index
        }
        return nil
    }

    /// Gives the key the slot with the earliest time.
    private static func give(_ key: Key, in slots: inout [Slot], from first: Int) -> Int {
        var earliest = first
        for index in first..<(first + ways) where slots[index].full < slots[earliest].full {
            earliest = index
        }
        slots[earliest] = Slot(key: key)
        return earliest
    }
}
