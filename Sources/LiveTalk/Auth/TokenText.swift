import CSodium

/// The text of a token: 256 random bits that only the client keeps; the database has its hash.
enum TokenText {
    /// A new token of 43 characters that may stand in a URL.
    static func random() -> String {
        Sodium.start
        var bytes = [UInt8](repeating: 0, count: 32)
        unsafe randombytes_buf(&bytes, bytes.count)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        // RFC 4648, section 5: three bytes are four characters; the last two bytes are three.
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = (0..<3).reduce(0) { $0 << 8 | Int(group.dropFirst($1).first ?? 0) }
            for place in 0...group.count { text.append(alphabet[bits >> (18 - 6 * place) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
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
