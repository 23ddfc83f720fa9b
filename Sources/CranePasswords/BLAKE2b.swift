import CSodium

/// Hashes of bytes by BLAKE2b (RFC 7693): fast, for what is random or no secret; a password wants a ``PasswordHash``.
public enum BLAKE2b {
    /// The hash of `bytes`, some nanoseconds a byte.
    ///
    /// - Parameters:
    ///   - bytes: what is hashed.
    ///   - count: its length, from 16 to 64 bytes; another one traps.
    ///   - key: who does not have it can make no such hash; up to 64 bytes, none for a plain hash.
    public static func hash(_ bytes: [UInt8], count: Int = 32, key: [UInt8] = []) -> [UInt8] {
        precondition(
            16...64 ~= count && key.count <= 64, "BLAKE2b has 16 to 64 bytes, and a key of 64 at most")
        Sodium.start
        var hash = [UInt8](repeating: 0, count: count)
        // The arrays live for the call, which reads and writes their lengths.
        _ = unsafe crypto_generichash(&hash, count, bytes, UInt64(bytes.count), key, key.count)
        return hash
    }
}
