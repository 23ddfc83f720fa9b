import HTTPTypes

extension Quota {
    /// The policy as a field (draft-ietf-httpapi-ratelimit-headers, section 3): `ratelimit-policy: "default";q=100;w=60`.
    var policyField: HTTPField {
        HTTPField(
            name: .rateLimitPolicy, value: "\"default\";q=\(count);w=\(max(1, window.components.seconds))")
    }

    /// What is left as a field (section 4 of the same draft): `ratelimit: "default";r=99;t=1`.
    func field(_ verdict: Verdict) -> HTTPField {
        // Written by hand: this is on every answer's way.
        let value = unsafe String(unsafeUninitializedCapacity: 64) { room in
            var count = 0
            func put(_ byte: UInt8) {
                // Two numbers and seventeen more bytes are less than the room.
                unsafe room[count] = byte
                count += 1
            }
            func put(_ number: Int) {
                if number >= 10 { put(number / 10) }
                put(48 + UInt8(truncatingIfNeeded: number % 10))
            }
            for byte in "\"default\";r=".utf8 { put(byte) }
            put(verdict.remaining)
            for byte in ";t=".utf8 { put(byte) }
            put(verdict.reset)
            return count
        }
        return HTTPField(name: .rateLimit, value: value)
    }

    /// The error that a refused request ends with: 429 with `Retry-After` (RFC 9110, section 10.2.3) and the fields.
    public func refusal(_ verdict: Verdict) -> HTTPError {
        var headers: HTTPFields = [.retryAfter: String(max(1, verdict.retryAfter))]
        headers.append(policyField)
        headers.append(field(verdict))
        return HTTPError(.tooManyRequests, "Rate limit exceeded", headers: headers)
    }
}
