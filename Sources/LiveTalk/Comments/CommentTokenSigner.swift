import Crane
import CranePasswords
import CraneSQLite
import CraneSchema
import CraneSystem

/// Makes the tokens by which authors change their comments for a while: a comment's id and the end of the time, signed.
///
/// A token is the end in hexadecimal, a point, and a keyed BLAKE2b-128 hash over id and end. Nothing is kept of it.
struct CommentTokenSigner: Sendable {
    private let key: [UInt8]

    /// A key of the process, whose tokens end with it.
    init() {
        key = SecretToken.randomBytes()
    }

    init(key: [UInt8]) {
        self.key = key
    }

    /// The key of the database, made at the first start. Blocks the caller.
    init(_ database: Database) throws {
        key = try database.transaction { connection in
            let row = try connection.prepare("SELECT bytes FROM secret WHERE name = 'comment'")
            if try row.step() { return try row.blob("bytes") }
            let key = SecretToken.randomBytes()
            let insert = try connection.prepare("INSERT INTO secret VALUES ('comment', :bytes)")
            try insert.bind("bytes", key)
            try insert.run()
            return key
        }
    }

    /// The token for a comment, which is good until then.
    func token(for commentID: Int, until end: Timestamp) -> String {
        let content = Self.bytes(commentID) + Self.bytes(end.microseconds)
        return String(end.microseconds, radix: 16) + "." + Base64.encodeForURL(tag(content))
    }

    /// Whether the token is one for this comment, and still good.
    func isGood(_ token: String, for commentID: Int, at now: Timestamp) -> Bool {
        guard let point = token.firstIndex(of: "."), let microseconds = Int(token[..<point], radix: 16) else {
            return false
        }
        let end = Timestamp(microseconds: microseconds)
        return SecretToken.equal(Array(token.utf8), Array(self.token(for: commentID, until: end).utf8))
            && now < end
    }

    /// A UUID that stands for something of this database wherever it is served (RFC 9562, section 5.8).
    func uniqueID(of name: String) -> UniqueID {
        let hash = tag(Array("id \(name)".utf8))
        let (high, low) = (hash.prefix(8), hash.suffix(8))
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return UniqueID(high: number(high) & ~0xF000 | 0x8000, low: number(low) & ~(3 << 62) | 2 << 62)
    }

    private static func bytes(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    private func tag(_ content: [UInt8]) -> [UInt8] {
        BLAKE2b.hash(content, count: 16, key: key)
    }
}
