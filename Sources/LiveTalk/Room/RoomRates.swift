import Crane

/// How fast somebody may post and vote: each participant, and each network whoever sits in it.
struct RoomRates: Sendable {
    /// Of those who come with a token; `nil` for any number.
    var participants: RateLimiter?
    /// Of a network (/24 of IPv4, /48 of IPv6): who throws the token away is bounded by it. `nil` for any number.
    var networks: RateLimiter?

    /// Whether anybody may post and vote as fast as they like.
    var isEmpty: Bool { participants == nil && networks == nil }

    /// Counts a post or a vote; throws 429 for one too many.
    func check(_ participant: Participant?, _ context: Context) async throws {
        if let networks, let ip = context.client.ip {
            try await Self.acquire(RateLimiter.Key(high: ip.network.high, low: ip.network.low), networks)
        }
        if let participants, let participant {
            func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
            try await Self.acquire(
                RateLimiter.Key(high: number(participant.hash[..<8]), low: number(participant.hash[8...])),
                participants)
        }
    }

    private static func acquire(_ key: RateLimiter.Key, _ limiter: RateLimiter) async throws {
        let decision = await limiter.acquireShared(key)
        if !decision.isAllowed { throw limiter.refusal(decision) }
    }
}
