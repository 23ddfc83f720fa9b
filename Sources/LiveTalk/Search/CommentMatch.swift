import Crane
import CraneSchema

/// A comment that a search has found.
struct CommentMatch: Hashable, Sendable {
    let comment: Comment
    /// The part around the found words as HTML: escaped, with the words in `<mark>`.
    let snippet: String

    /// - Parameter query: what was looked for, which is marked.
    init(comment: Comment, _ query: SearchQuery) {
        self.comment = comment
        snippet = Self.snippet(of: comment.text, query)
    }

    /// Some 200 characters of a long text around its first match, cut between words where there are spaces.
    private static func snippet(of text: String, _ query: SearchQuery) -> String {
        let bytes = Array(text.utf8.prefix(SearchIndex.textBytes))
        let found = query.ranges(in: SearchTokenizer.tokens(String(decoding: bytes, as: UTF8.self)))
        let part = part(of: bytes, around: found.first?.lowerBound ?? 0)
        var html = part.lowerBound > 0 ? "…" : ""
        var position = part.lowerBound
        func append(upTo end: Int) {
            html += HTML.escaped(String(decoding: bytes[position..<end], as: UTF8.self))
            position = end
        }
        for match in found where match.lowerBound >= part.lowerBound && match.lowerBound < part.upperBound {
            append(upTo: match.lowerBound)
            html += "<mark>"
            // A word that is longer than the part is marked as far as it goes.
            append(upTo: min(match.upperBound, part.upperBound))
            html += "</mark>"
        }
        append(upTo: part.upperBound)
        return part.upperBound < text.utf8.count ? html + "…" : html
    }

    /// 40 characters before a place and 160 behind it, whole words where there are spaces.
    private static func part(of text: [UInt8], around place: Int) -> Range<Int> {
        var start = place
        for _ in 0..<40 where start > 0 {
            repeat { start -= 1 } while start > 0 && text[start] & 0xC0 == 0x80
        }
        var end = place
        for _ in 0..<160 where end < text.count {
            repeat { end += 1 } while end < text.count && text[end] & 0xC0 == 0x80
        }
        if start > 0, let space = text[start..<place].firstIndex(where: isSpace) { start = space + 1 }
        if end < text.count, let space = text[place..<end].lastIndex(where: isSpace) { end = space }
        return start..<end
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x9...0xD ~= byte }

    private init(
        id: Int, talkID: Int, userIP: String, text: String, createdAt: Timestamp, updatedAt: Timestamp,
        snippet: String
    ) {
        comment = Comment(
            id: id, talkID: talkID, userIP: userIP, text: text, createdAt: createdAt, updatedAt: updatedAt)
        self.snippet = snippet
    }
}

extension CommentMatch: SchemaRepresentable {
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
