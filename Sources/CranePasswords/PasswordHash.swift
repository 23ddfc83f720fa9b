import CSodium
import CraneSystem

/// A password as it is kept: hashed by argon2id with a salt of its own (RFC 9106).
///
/// Making or checking one takes 19 MiB and some 20 ms of a processor: not for a loop, where ``Passwords`` does it elsewhere.
public struct PasswordHash: Hashable, Sendable {
    /// The hash with its parameters and salt, `$argon2id$v=19$...`: what a database has.
    public let text: String

    /// OWASP's least parameters for argon2id: 19 MiB and two passes.
    private static let memory = 19 << 20
    private static let passes: UInt64 = 2

    /// One that was kept; argon2id's of other parameters and programs will do too.
    public init(text: String) {
        self.text = text
    }

    /// Hashes a password in NFC; `nil` when there is no memory for it.
    public init?(of password: String) {
        Sodium.start
        let password = password.composed.utf8.map { CChar(bitPattern: $0) }
        // crypto_pwhash_STRBYTES long; both arrays live for the call.
        var output = [CChar](repeating: 0, count: 128)
        let status = unsafe crypto_pwhash_str(
            &output, password, UInt64(password.count), Self.passes, Self.memory)
        guard status == 0 else { return nil }
        text = String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether this is the hash of that password, in whichever of its spellings in Unicode; compares in constant time.
    public func matches(_ password: String) -> Bool { password.spellings.contains(where: isHash) }

    private func isHash(of password: String) -> Bool {
        Sodium.start
        let password = password.utf8.map { CChar(bitPattern: $0) }
        // The text is passed as a C string; both live for the call.
        return unsafe crypto_pwhash_str_verify(text, password, UInt64(password.count)) == 0
    }

    /// A hash that no password has: checked where there is no such user, so that the response takes as long.
    public static let decoy = PasswordHash(of: SecretToken.random()) ?? PasswordHash(text: "")
}
