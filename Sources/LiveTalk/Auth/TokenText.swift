import CSodium
import CraneSystem

/// The text of a token: 256 random bits that only the client keeps; the database has its hash.
enum TokenText {
    /// A new token of 43 characters that may stand in a URL.
    static func random() -> String { Base64.encodeForURL(randomBytes()) }

    /// 32 random bytes.
    static func randomBytes() -> [UInt8] {
        Sodium.start
        var bytes = [UInt8](repeating: 0, count: 32)
        // The array lives for the call, which fills its length.
        unsafe randombytes_buf(&bytes, bytes.count)
        return bytes
    }

    /// The token's BLAKE2b-256 hash: as the token is random, no salt is needed.
    static func hash(of token: String) -> [UInt8] {
        Sodium.start
        let token = Array(token.utf8)
        var hash = [UInt8](repeating: 0, count: 32)
        // Without a key; the arrays live for the call.
        _ = unsafe crypto_generichash(&hash, hash.count, token, UInt64(token.count), nil, 0)
        return hash
    }

    /// Whether two hashes are the same, in a time that does not tell where they differ.
    static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        // The arrays live for the call, which reads as many bytes of both.
        unsafe left.count == right.count && sodium_memcmp(left, right, left.count) == 0
    }
}
