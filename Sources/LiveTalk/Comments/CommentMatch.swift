import Crane
import Schema

/// A comment that a search has found.
struct CommentMatch: Hashable, Sendable {
    let comment: Comment
    /// The part around the found words as HTML: escaped, with the words in `<mark>`.
    let snippet: String

    /// - Parameter marked: the part as text, with `CommentSearch.markers` around the words.
    init(comment: Comment, marked: String) {
        self.comment = comment
        var html = ""
        for scalar in HTML.escaped(marked).unicodeScalars {
            switch scalar {
            case "\u{2}": html += "<mark>"
            case "\u{3}": html += "</mark>"
            default: html.unicodeScalars.append(scalar)
            }
        }
        snippet = html
    }

    private init(
        id: Int, talkID: Int, userIP: String, text: String, createdAt: Timestamp, updatedAt: Timestamp,
        snippet: String
    ) {
        comment = Comment(
            id: id, talkID: talkID, userIP: userIP, text: text, createdAt: createdAt, updatedAt: updatedAt)
        self.snippet = snippet
    }
}

extension CommentMatch: Describable {
    static let schema = Object(
        CommentMatch.init(id:talkID:userIP:text:createdAt:updatedAt:snippet:), name: "CommentMatch",
        description: "A comment that was found"
    ) {
        Field("id", \.comment.id)
        Field("talk_id", \.comment.talkID)
        Field("user_ip", \.comment.userIP)
        Field("comment_text", \.comment.text)
        Field("created_at", \.comment.createdAt)
        Field("updated_at", \.comment.updatedAt)
        Field("snippet", \.snippet)
    }
}
