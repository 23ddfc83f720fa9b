/// The same for Foundation's coders, whose times are texts: they would not write microseconds, and take longer over dates.
struct CodableComment: Codable, Equatable {
    let id: Int
    let talk_id: Int
    let user_ip: String
    let comment_text: String
    let created_at: String
    let updated_at: String

    static let sample = CodableComment(
        id: Comment.sample.id, talk_id: Comment.sample.talkID, user_ip: Comment.sample.userIP,
        comment_text: Comment.sample.text, created_at: "2026-11-22T10:27:46.435673Z",
        updated_at: "2026-11-22T10:27:46.435673Z")
}
