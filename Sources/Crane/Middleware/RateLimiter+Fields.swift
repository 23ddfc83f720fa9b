import HTTPTypes

extension RateLimiter {
    /// The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers, section 3): `"default";q=100;w=60`.
    static func policy(_ count: Int, per window: Duration) -> String {
        "\"default\";q=\(count);w=\(max(1, window.components.seconds))"
    }

    /// Both fields as they go out; this is on every response's way, and `HTTPFields` would take ten times as long.
    func lines(_ decision: Decision) -> [UInt8] {
        // Two numbers of at most twenty digits and five bytes more.
        unsafe [UInt8](unsafeUninitializedCapacity: linesStart.count + 45) { room, count in
            func put(_ byte: UInt8) {
                unsafe room[count] = byte
                count += 1
            }
            func put(_ number: Int) {
                if number >= 10 { put(number / 10) }
                put(48 + UInt8(truncatingIfNeeded: number % 10))
            }
            count = unsafe room.initialize(fromContentsOf: linesStart)
            put(decision.remaining)
            put(UInt8(ascii: ";"))
            put(UInt8(ascii: "t"))
            put(UInt8(ascii: "="))
            put(decision.reset)
            put(UInt8(ascii: "\r"))
            put(UInt8(ascii: "\n"))
        }
    }

    /// The error that a refused request ends with: 429 with `Retry-After` (RFC 9110, section 10.2.3) and the fields.
    public func refusal(_ decision: Decision) -> HTTPError {
        RateLimiter.refusal(decision, of: count, per: window)
    }

    /// The same for who counts by other rules.
    package static func refusal(_ decision: Decision, of count: Int, per window: Duration) -> HTTPError {
        HTTPError(
            .tooManyRequests, "Rate limit exceeded",
            headers: [
                .retryAfter: String(max(1, decision.retryAfter)),
                .rateLimitPolicy: policy(count, per: window),
                // Section 4 of the draft.
                .rateLimit: "\"default\";r=\(decision.remaining);t=\(decision.reset)",
            ])
    }
}
