import CraneSystem
import HTTPTypes

extension RateLimiter {
    /// The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers, section 3): `"default";q=100;w=60`.
    static func policy(_ count: Int, per window: Duration) -> String {
        "\"default\";q=\(count);w=\(max(1, window.components.seconds))"
    }

    /// Both fields as they go out; this is on every response's way, and `HTTPFields` would take ten times as long.
    func lines(_ decision: Decision) -> [UInt8] {
        var lines: [UInt8] = []
        // Two numbers and five bytes more; the rest is for lines that others append.
        lines.reserveCapacity(linesStart.count + 2 * DecimalDigits.longest + 5 + 64)
        lines += linesStart
        lines.append(decimal: UInt64(decision.remaining))
        lines += RateLimiter.between
        lines.append(decimal: UInt64(decision.reset))
        lines += RateLimiter.lineEnd
        return lines
    }

    private static let between = Array(";t=".utf8)
    private static let lineEnd = Array("\r\n".utf8)

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
