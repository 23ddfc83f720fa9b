internal import HTTPTypes

/// Which fields have no place in a trailer section (RFC 9110, section 6.5.1).
enum TrailerRules {
    /// Fields for framing, routing, request control, authentication, content format and the connection; also those that
    /// proxies write about the client, which must not be added behind their back.
    static func forbids(_ name: HTTPField.Name) -> Bool {
        switch name.canonicalName {
        case "transfer-encoding", "content-length", "trailer", "te", "host", "connection", "keep-alive",
            "upgrade",
            "proxy-connection", "expect", "max-forwards", "cache-control", "pragma", "range", "if-match",
            "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "authorization",
            "proxy-authorization", "www-authenticate", "proxy-authenticate", "authentication-info",
            "proxy-authentication-info", "cookie", "set-cookie", "content-encoding", "content-type",
            "content-range",
            "content-language", "content-location", "age", "date", "expires", "location", "retry-after",
            "vary",
            "warning", "origin", "forwarded", "via", "x-forwarded-for", "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port", "x-real-ip":
            true
        default: false
        }
    }
}
