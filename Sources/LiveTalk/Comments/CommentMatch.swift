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
            case CommentSearch.markers.start: html += "<mark>"
            case CommentSearch.markers.end: html += "</mark>"
            default: html.unicodeScalars.append(scalar)
            }
        }
        snippet = html
    }

    /// Some 200 characters of a long text around its first marked word, cut between words where there are spaces.
    static func part(of marked: String) -> String {
        let text = marked.unicodeScalars
        let first = text.firstIndex(of: CommentSearch.markers.start) ?? text.startIndex
        var start = text.index(first, offsetBy: -40, limitedBy: text.startIndex) ?? text.startIndex
        var end = text.index(first, offsetBy: 160, limitedBy: text.endIndex) ?? text.endIndex
        if start > text.startIndex,
            let space = text[start..<first].firstIndex(where: \.properties.isWhitespace)
        {
            start = text.index(after: space)
        }
        if end < text.endIndex, let space = text[first..<end].lastIndex(where: \.properties.isWhitespace) {
            end = space
        }
        var part = start > text.startIndex ? "…" : ""
        part.unicodeScalars += text[start..<end]
        let markers = CommentSearch.markers
        // A word that is longer than the part is marked as far as it goes.
        if text[start..<end].last(where: { $0 == markers.start || $0 == markers.end }) == markers.start {
            part.unicodeScalars.append(markers.end)
        }
        return end < text.endIndex ? part + "…" : part
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
