public import CraneHTTP

// What is asked of a counter that several servers share.
extension RateLimiter {
    /// Takes one request from the client's quota of all servers together, if there is one left; of this server's part where nobody counts for all.
    public func acquireShared(_ client: PeerAddress) async -> Decision { await acquireShared(Key(client)) }

    /// The same for what is no client.
    @discardableResult
    package func acquireShared(_ key: Key) async -> Decision {
        await count(key, isTaken: true) ?? acquire(key)
    }

    /// What `acquireShared` would say, without taking anything.
    package func peekShared(_ key: Key) async -> Decision { await count(key, isTaken: false) ?? peek(key) }

    /// What the counter of all says; `nil` where there is none, or no answer in time.
    private func count(_ key: Key, isTaken: Bool) async -> Decision? {
        guard let shared else { return nil }
        // What was heard of the others last can only have become more: whom it refuses nobody need be asked about.
        let known = peek(key, single)
        guard known.isAllowed else { return known }
        let name = "\(shared.name):\(String(key.high, radix: 16)):\(String(key.low, radix: 16))"
        let answer = await shared.counter.count(
            name, interval: Int(max(1, single / 1000)), quota: count, isTaken: isTaken)
        guard let answer else { return nil }
        let full = UInt64(answer.microsecondsUntilFull) * 1000
        learn(key, full: full)
        return decision(answer.isAllowed, full: full, single)
    }
}
