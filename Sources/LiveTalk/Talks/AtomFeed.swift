import CraneSQLite
import CraneSchema

/// The newest comments of a talk that everybody sees, as a feed of Atom (RFC 4287).
struct AtomFeed: Sendable {
    /// A comment as far as a feed reader is given it.
    struct Entry: Sendable {
        let id: Int
        let text: String
        /// What its author wants to be called.
        let name: String?
        let createdAt: Timestamp
        let updatedAt: Timestamp
    }

    static let mediaType = "application/atom+xml; charset=utf-8"
    /// How many comments there are in it, and how many characters of each.
    static let entries = 50
    private static let characters = 4096
    /// So many bytes of a text are read: a character has four at most.
    static let textBytes = 4 * (characters + 1)
    private static let titleCharacters = 80

    private let talkID: Int
    private let title: String
    private let updatedAt: Timestamp
    private let comments: [Entry]

    /// Reads it; `nil` for a `talk_id` of no talk and without comments.
    init?(of talkID: Int, _ connection: Connection) throws {
        let talk = try connection.find(Talk.self, talkID)
        let rows = try connection.prepare(
            """
            SELECT c.id AS id, CAST(substr(CAST(c.comment_text AS BLOB), 1, :bytes) AS TEXT) AS text, a.name AS name,
                c.created_at AS created_at, c.updated_at AS updated_at
            FROM comment AS c LEFT JOIN author AS a ON a.comment_id = c.id
            WHERE c.talk_id = :talk_id ORDER BY c.id DESC LIMIT :entries
            """)
        try rows.bind("talk_id", talkID)
        // Of bytes, as SQLite's substr ends a text at its first NUL.
        try rows.bind("bytes", Self.textBytes)
        try rows.bind("entries", Self.entries)
        var comments: [Entry] = []
        while try rows.step() {
            comments.append(
                Entry(
                    id: try rows.int("id"), text: try rows.text("text"),
                    name: try rows.value("name", as: String?.self),
                    createdAt: try rows.value("created_at", as: Timestamp.self),
                    updatedAt: try rows.value("updated_at", as: Timestamp.self)))
        }
        self.init(of: talkID, talk, comments)
    }

    /// One of these comments, the newest first; `nil` where there are none and no talk.
    init?(of talkID: Int, _ talk: Talk?, _ comments: [Entry]) {
        guard let newest = (comments.map(\.updatedAt) + (talk.map { [$0.updatedAt] } ?? [])).max() else {
            return nil
        }
        self.talkID = talkID
        title = talk?.title ?? "Talk \(talkID)"
        updatedAt = newest
        self.comments = comments
    }

    /// What tells this state from others, in quotes (RFC 9110, section 8.8.3): the position of the talk's newest change that the
    /// audience may see.
    static func tag(of talkID: Int, _ connection: Connection) throws -> String {
        let log = try ChangePage(of: talkID, for: .audience, after: .max, limit: 0, connection)
        return "\"\(log.epoch)-\(log.newest)\""
    }

    /// The document.
    ///
    /// - Parameters:
    ///   - path: its own, as the client knows it.
    ///   - seal: what makes ids that stay when the service moves to another name.
    func xml(at path: String, _ seal: CommentTokenSigner) -> [UInt8] {
        var xml = Array("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".utf8)
        xml += "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n".utf8
        Self.element("id", Self.urn("talk", talkID, seal), to: &xml)
        Self.element("title", title, to: &xml)
        Self.element("updated", updatedAt.description, to: &xml)
        xml += "<link rel=\"self\" type=\"application/atom+xml\" href=\"".utf8
        XMLText.append(path, to: &xml)
        xml += "\"/>\n<author><name>The audience</name></author>\n".utf8
        for comment in comments { Self.write(comment, seal, to: &xml) }
        xml += "</feed>\n".utf8
        return xml
    }

    private static func write(_ comment: Entry, _ seal: CommentTokenSigner, to xml: inout [UInt8]) {
        xml += "<entry>\n".utf8
        element("id", urn("comment", comment.id, seal), to: &xml)
        let line = comment.text.split(omittingEmptySubsequences: true, whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        element("title", line.isEmpty ? "Comment \(comment.id)" : cut(line, titleCharacters), to: &xml)
        element("published", comment.createdAt.description, to: &xml)
        element("updated", comment.updatedAt.description, to: &xml)
        if let name = comment.name {
            xml += "<author>\n".utf8
            element("name", name, to: &xml)
            xml += "</author>\n".utf8
        }
        xml += "<content type=\"text\">".utf8
        XMLText.append(cut(comment.text, characters), to: &xml)
        xml += "</content>\n</entry>\n".utf8
    }

    private static func element(_ name: String, _ text: String, to xml: inout [UInt8]) {
        xml += "<\(name)>".utf8
        XMLText.append(text, to: &xml)
        xml += "</\(name)>\n".utf8
    }

    private static func cut(_ text: String, _ length: Int) -> String {
        let scalars = text.unicodeScalars
        return scalars.count <= length ? text : String(scalars.prefix(length)) + "…"
    }

    private static func urn(_ kind: String, _ id: Int, _ seal: CommentTokenSigner) -> String {
        "urn:uuid:\(seal.uniqueID(of: "\(kind) \(id)"))"
    }
}
