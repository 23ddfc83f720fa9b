import Crane
import CraneSystem

/// The key that sender and receiver of webhooks share, in the form of Standard Webhooks: `whsec_` and 24 to 64 bytes in Base64.
///
/// Its description hides it; `text` does not.
public struct WebhookSecret: Hashable, Sendable, CustomStringConvertible {
    private static let prefix = "whsec_"
    private static let lengths = 24...64

    private let key: [UInt8]

    /// Reads `whsec_…`; `nil` for a text without the prefix, that is not Base64 with its padding, or of another length.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let base64 = String(text.dropFirst(Self.prefix.count))
        guard Self.lengths.contains(where: { Base64.isText(base64, ofBytes: $0) }),
            let key = Base64.decode(base64)
        else { return nil }
        self.key = key
    }

    private init(key: [UInt8]) { self.key = key }

    /// A new secret of 32 bytes, from the system's generator.
    public static func random() -> WebhookSecret {
        var generator = SystemRandomNumberGenerator()
        return WebhookSecret(key: (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// The secret itself, `whsec_…`, for the other end's settings.
    public var text: String { Self.prefix + Base64.encode(key) }

    /// The first bytes of the key's SHA-256, which tell secrets apart and nothing else.
    public var description: String { "whsec_*** (\(Digest.short(of: key)))" }

    /// A signature of Standard Webhooks: `v1,` and HMAC-SHA256 over `id.timestamp.body` in Base64.
    ///
    /// - Parameters:
    ///   - id: the value of `webhook-id`.
    ///   - timestamp: the value of `webhook-timestamp`.
    ///   - body: the bytes as they are sent.
    public func signature(id: String, timestamp: String, body: [UInt8]) -> String {
        "v1," + Base64.encode(HMACKey(key).tag(Array("\(id).\(timestamp).".utf8) + body))
    }

    /// Whether one of the signatures between spaces is of this secret, in a time that does not tell how much of it is right.
    func hasMade(_ signatures: String, id: String, timestamp: String, body: [UInt8]) -> Bool {
        let expected = Array(signature(id: id, timestamp: timestamp, body: body).utf8)
        return signatures.split(separator: " ").contains { HMACKey.areEqual($0.utf8, expected) }
    }
}

enum Digest {
    /// The first eight hexadecimal digits of the bytes' SHA-256.
    static func short(of bytes: [UInt8]) -> String {
        SHA256.digest(bytes).prefix(4).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
            .joined()
    }
}
