import CranePasswords
import CraneSQLite
import CraneSchema

/// Somebody in the room, known by a token that their browser or program keeps: as 16 bytes of its hash.
///
/// Whoever throws the token away is somebody else: it tells people apart that want to be, and a rate for each network bounds the others.
struct Participant: Hashable, Sendable {
    let hash: [UInt8]

    /// One whose hash the database has.
    init(hash: [UInt8]) { self.hash = hash }

    /// A token has from 16 to 128 characters of ASCII without blanks; `nil` for others.
    init?(token: String) {
        guard (16...128).contains(token.utf8.count), token.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7F }) else {
            return nil
        }
        hash = BLAKE2b.hash(Array(token.utf8), count: 16)
    }

    /// Remembers who wrote a comment, and under which name.
    func sign(_ commentID: Int, as name: String?, _ connection: Connection) throws {
        let insert = try connection.prepare(
            "INSERT OR REPLACE INTO author (comment_id, participant, name) VALUES (:comment_id, :participant, :name)"
        )
        try insert.bind("comment_id", commentID)
        try insert.bind("participant", hash)
        try insert.bind("name", name)
        try insert.run()
    }

    /// Who wrote a comment; `nil` for one that came without a participant.
    static func author(of commentID: Int, _ connection: Connection) throws -> Participant? {
        let row = try connection.prepare("SELECT participant FROM author WHERE comment_id = :comment_id")
        try row.bind("comment_id", commentID)
        return try row.step() ? Participant(hash: try row.blob("participant")) : nil
    }

    /// Throws `TalkConflict.blocked` while a moderator has blocked the participant.
    func check(at now: Timestamp, _ connection: Connection) throws {
        let row = try connection.prepare("SELECT ends_at FROM block WHERE participant = :participant")
        try row.bind("participant", hash)
        guard try row.step() else { return }
        let left = try row.int("ends_at") - now.microseconds
        if left > 0 { throw TalkConflict.blocked(seconds: (left + 999_999) / 1_000_000) }
    }
}
