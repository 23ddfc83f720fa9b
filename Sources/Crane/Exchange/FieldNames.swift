public import HTTPTypes

// The names that swift-http-types lacks, in lower case as they leave.
extension HTTPField.Name {
    static let accelBuffering = known("x-accel-buffering")
    static let contentDigest = known("content-digest")
    static let forwarded = known("forwarded")
    static let reprDigest = known("repr-digest")
    static let lastEventID = known("last-event-id")
    static let crossOriginOpenerPolicy = known("cross-origin-opener-policy")
    static let permissionsPolicy = known("permissions-policy")
    static let referrerPolicy = known("referrer-policy")
    /// swift-http-types keeps this name for the pseudo field of HTTP/2.
    static let requestHost = known("host")
    /// What is left of a quota (draft-ietf-httpapi-ratelimit-headers).
    public static let rateLimit = known("ratelimit")
    /// The quotas there are (the same draft).
    public static let rateLimitPolicy = known("ratelimit-policy")
    /// Where the page is that sends a request (Fetch Metadata, section 2.4).
    static let secFetchSite = known("sec-fetch-site")
    static let xForwardedFor = known("x-forwarded-for")
    static let xForwardedPrefix = known("x-forwarded-prefix")
    static let xForwardedProto = known("x-forwarded-proto")
    static let xFrameOptions = known("x-frame-options")
    /// The id of a request, in and out.
    public static let xRequestID = known("x-request-id")

    /// The name that a literal says; traps where it is none.
    ///
    /// - Parameter name: in lower case, as it leaves.
    package static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(parsed: name) else {
            preconditionFailure("\(name) is not a field name")
        }
        return name
    }
}
