import CraneSystem

/// Where webhooks go: a URL, and the secret that its receiver knows.
public struct WebhookEndpoint: Hashable, Sendable, CustomStringConvertible {
    public let url: String
    public let secret: WebhookSecret
    /// What logs and jobs call it: scheme, host and port, and a hash of the URL, whose path and query may be secrets.
    public let name: String

    /// Reads `URL#whsec_…`: a URL of HTTP or HTTPS without a user, and its secret.
    ///
    /// - Returns: `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let secret = WebhookSecret(String(parts[1])) else { return nil }
        self.init(url: String(parts[0]), secret: secret)
    }

    /// - Parameters:
    ///   - url: of HTTP or HTTPS, without a user and a fragment; `nil` for anything else.
    ///   - secret: what messages are signed with.
    public init?(url: String, secret: WebhookSecret) {
        let isPrintable = url.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "#") }
        guard isPrintable, url.utf8.count <= 2048, let mark = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<mark.lowerBound]
        let authority = url[mark.upperBound...].prefix { $0 != "/" && $0 != "?" }
        guard scheme.isSpeltWithoutCase("https") || scheme.isSpeltWithoutCase("http"),
            !authority.isEmpty, !authority.contains("@")
        else { return nil }
        self.url = url
        self.secret = secret
        name = "\(scheme)://\(authority)#\(Digest.short(of: Array(url.utf8)))"
    }

    /// Its name, and what tells its secret from others.
    public var description: String { "\(name) \(secret)" }
}
