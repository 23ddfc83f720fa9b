/// The same for Foundation's coders, whose times are texts: they would not write microseconds, and take longer over dates.
struct CodableComment: Codable, Equatable {
    let id: Int
    let talkID: Int
    let userIP: String
    let text: String
    let createdAt: String
    let updatedAt: String

    enum CodingKeys: String, CodingKey {
        case id
        case talkID = "talk_id"
        case userIP = "user_ip"
        case text = "comment_text"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    static let sample = CodableComment(
        id: Comment.sample.id, talkID: Comment.sample.talkID, userIP: Comment.sample.userIP,
        text: Comment.sample.text, createdAt: "2026-11-22T10:27:46.435673Z",
        updatedAt: "2026-11-22T10:27:46.435673Z")
}
