import CranePostgres
import CraneSchema
import Synchronization

/// The blocked words of talks as this node last read them; whoever judges by others than the present ones is told so, and reads them again.
final class PostgresTalkWords: Sendable {
    /// Whether a text has blocked words, by which version of them; 0 for a talk without any.
    struct Judgement: Hashable, Sendable {
        let version: Int
        let isHeld: Bool
    }

    private struct Words {
        let version: Int
        let rules: TalkRules
    }

    /// So many talks' words are kept.
    private static let bound = 256

    private let known = Mutex<[Int: Words]>([:])

    func judge(_ text: String, in talkID: Int) -> Judgement {
        guard let words = known.withLock({ $0[talkID] }) else { return Judgement(version: 0, isHeld: false) }
        return Judgement(version: words.version, isHeld: words.rules.holds(text))
    }

    /// Reads the words of a talk.
    func read(of talkID: Int, _ database: PostgresClient) async throws(PostgresError) {
        let rows = try await database.query(
            """
            SELECT words_version, word FROM talk LEFT JOIN blocked_word ON talk_id = talk.id WHERE talk.id = \(talkID)
            """)
        var words: Words?
        if let row = rows.first, try row.int("words_version") > 0 {
            var list: [String] = []
            for row in rows where try !row.isNull("word") { list.append(try row.text("word")) }
            words = Words(
                version: try row.int("words_version"),
                rules: TalkRules(isClosed: false, holdsAll: false, words: list))
        }
        known.withLock { known in
            if known.count >= Self.bound { known.removeAll() }
            known[talkID] = words
        }
    }
}

extension TalkRules {
    /// The rules of a talk in a transaction; `nil` for a `talk_id` that is no talk's, which has none.
    static func find(_ talkID: Int, _ transaction: PostgresTransaction) async throws -> TalkRules? {
        let rows = try await transaction.execute(
            """
            SELECT state, moderation, word FROM talk LEFT JOIN blocked_word ON talk_id = talk.id WHERE talk.id = \(talkID)
            """)
        guard let row = rows.first else { return nil }
        return TalkRules(
            isClosed: try row.value("state", as: Talk.State.self) == .closed,
            holdsAll: try row.value("moderation", as: Talk.Moderation.self) == .before,
            words: try rows.filter { try !$0.isNull("word") }.map { try $0.text("word") })
    }
}
