import HTTPTypes

extension Quota {
    /// The policy as a field (draft-ietf-httpapi-ratelimit-headers, section 3): `ratelimit-policy: "default";q=100;w=60`.
    var policyField: HTTPField {
        HTTPField(
            name: .rateLimitPolicy, value: "\"default\";q=\(count);w=\(max(1, window.components.seconds))")
    }

    /// What is left as a field (section 4 of the same draft): `ratelimit: "default";r=99;t=1`.
    func field(_ verdict: Verdict) -> HTTPField {
        HTTPField(name: .rateLimit, value: "\"default\";r=\(verdict.remaining);t=\(verdict.reset)")
    }

    /// Both fields as they go out; this is on every answer's way, and `HTTPFields` would take ten times as long.
    func lines(_ verdict: Verdict) -> [UInt8] {
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
            put(verdict.remaining)
            put(UInt8(ascii: ";"))
            put(UInt8(ascii: "t"))
            put(UInt8(ascii: "="))
            put(verdict.reset)
            put(UInt8(ascii: "\r"))
            put(UInt8(ascii: "\n"))
        }
    }

    /// The error that a refused request ends with: 429 with `Retry-After` (RFC 9110, section 10.2.3) and the fields.
    public func refusal(_ verdict: Verdict) -> HTTPError {
        var headers: HTTPFields = [.retryAfter: String(max(1, verdict.retryAfter))]
        headers.append(policyField)
        headers.append(field(verdict))
        return HTTPError(.tooManyRequests, "Rate limit exceeded", headers: headers)
    }
}
