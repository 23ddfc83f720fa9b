import CSodium
import CraneSystem

/// Tokens that only their owner keeps: 256 random bits as text; a database has their hash.
///
/// ```swift
/// let token = SecretToken.random()
/// try insert.bind("hash", SecretToken.hash(of: token))
/// ```
/// Who reads the database then has no token that is good for anything. A lookup by the hash, as `WHERE hash = :hash`, tells nothing of
/// the token either.
public enum SecretToken {
    /// A new token of 43 characters that may stand in a URL or a cookie.
    public static func random() -> String { Base64.encodeForURL(randomBytes()) }

    /// Random bytes, as for a key.
    public static func randomBytes(_ count: Int = 32) -> [UInt8] {
        Sodium.start
        var bytes = [UInt8](repeating: 0, count: count)
        // The array lives for the call, which fills its length.
        unsafe randombytes_buf(&bytes, bytes.count)
        return bytes
    }

    /// The token's hash, 32 bytes: as the token is random, no salt is needed, and a microsecond does.
    public static func hash(of token: String) -> [UInt8] { BLAKE2b.hash(Array(token.utf8)) }

    /// Whether two hashes or keys are the same, in a time that does not tell where they differ.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        // The arrays live for the call, which reads as many bytes of both.
        unsafe left.count == right.count && sodium_memcmp(left, right, left.count) == 0
    }
}
