import CraneSQLite

/// What a talk takes and what it holds back: read in the transaction of each post.
struct TalkRules: Sendable {
    static let maximumWords = 100
    /// So much of a text is looked through for words; a longer one waits, whatever is in it.
    static let inspectedBytes = 16 << 10

    let isClosed: Bool
    /// Whether every comment waits.
    let holdsAll: Bool
    let words: [String]

    /// The rules of a talk; `nil` for a `talk_id` that is no talk's, which has none.
    static func find(_ talkID: Int, _ connection: Connection) throws -> TalkRules? {
        let row = try connection.prepare("SELECT state, moderation FROM talk WHERE id = :id")
        try row.bind("id", talkID)
        guard try row.step() else { return nil }
        return TalkRules(
            isClosed: try row.value("state", as: Talk.State.self) == .closed,
            holdsAll: try row.value("moderation", as: Talk.Moderation.self) == .before,
            words: try words(of: talkID, connection))
    }

    static func words(of talkID: Int, _ connection: Connection) throws -> [String] {
        let rows = try connection.prepare(
            "SELECT word FROM blocked_word WHERE talk_id = :talk_id ORDER BY word")
        try rows.bind("talk_id", talkID)
        var words: [String] = []
        while try rows.step() { words.append(try rows.text("word")) }
        return words
    }

    /// Whether a text waits for a moderator.
    func holds(_ text: String) -> Bool {
        if holdsAll { return true }
        if words.isEmpty { return false }
        if text.utf8.count > Self.inspectedBytes { return true }
        let tokens = SearchTokenizer.tokens(text)
        return words.contains { !SearchQuery($0).ranges(in: tokens).isEmpty }
    }
}
