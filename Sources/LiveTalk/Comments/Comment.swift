import Crane
import CraneSchema

/// What somebody in the room has said about a talk.
struct Comment: Hashable, Sendable {
    var id: Int
    let talkID: Int
    let userIP: String
    let text: String
    let createdAt: Timestamp
    let updatedAt: Timestamp

    /// Whether to write it as JSON would hold a loop.
    var isLong: Bool { text.utf8.count > LongBody.piece }

    /// The comment as JSON; that of a long one is written on a worker thread and goes out in pieces.
    @inline(__always)
    func json(on loop: any LoopServices) async throws -> ResponseBody {
        guard isLong else { return ResponseBody(Comment.schema.encode(self)) }
        return LongBody.body(try await loop.blocking { Comment.schema.encode(self) }, on: loop)
    }
}

extension Comment: Record {
    static let schema = Object(Comment.init, name: "CommentResponse", description: "Read a comment") {
        Field("id", \.id)
        Field("talk_id", \.talkID)
        Field("user_ip", \.userIP)
        Field("comment_text", \.text)
        Field("created_at", \.createdAt)
        Field("updated_at", \.updatedAt)
    }

    static let table = Table<Comment>(
        "comment",
        indexes: [TableIndex("idx_talk_id", on: "talk_id"), TableIndex("idx_user_ip", on: "user_ip")])
}
