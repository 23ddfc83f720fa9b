import Crane
import CranePostgres
import CraneSchema

/// Talks in PostgreSQL's table `talk`, the same for all nodes.
struct PostgresTalkStore: TalkStore {
    let database: PostgresClient
    private let now: @Sendable () -> Timestamp
    /// Called after each commit that has changed something.
    private let changed: @Sendable () -> Void

    /// The database's migrations must have been applied: see `PostgresMigration.liveTalk`.
    ///
    /// - Parameter changed: called after each commit that has changed something; any thread.
    init(
        _ database: PostgresClient, changed: @escaping @Sendable () -> Void = {},
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        (self.database, self.changed, self.now) = (database, changed, now)
    }

    /// The columns of a talk.
    static let columns = Talk.table.columns.map(\.name).joined(separator: ", ")

    func talk(_ id: Int) async throws -> Talk? {
        try await read("SELECT \(raw: Self.columns) FROM talk WHERE id = \(id)").first
    }

    func talk(slug: String) async throws -> Talk? {
        // PostgreSQL's text takes no U+0000, and no slug has one.
        if slug.utf8.contains(0) { return nil }
        return try await read("SELECT \(raw: Self.columns) FROM talk WHERE slug = \(slug)").first
    }

    func talks(offset: Int, limit: Int, state: Talk.State?) async throws -> [Talk] {
        try await read(
            """
            SELECT \(raw: Self.columns) FROM talk WHERE true\(and: "state =", state?.rawValue)
            ORDER BY id DESC LIMIT \(limit) OFFSET \(offset)
            """)
    }

    func add(_ new: TalkCreate) async throws -> Talk {
        try await write { transaction in
            if try await Self.hasSlug(new.slug, transaction) { throw TalkConflict.slugTaken }
            let id = if let id = new.id { id } else { try await Self.freeID(transaction) }
            if try await Self.find(id, transaction) != nil { throw TalkConflict.idTaken }
            // A free talk_id may have comments already. Ids go on behind the highest that a talk has had.
            try await transaction.execute(
                """
                INSERT INTO talk (id, slug, title, speaker, starts_at, state, moderation, comments, waiting, hidden,
                    created_at, updated_at)
                SELECT \(id), \(new.slug), \(PostgresBytes(Array(new.title.utf8))),
                    \(new.speaker.map { PostgresBytes(Array($0.utf8)) }), \(new.startsAt), 'open', \(new.moderation.rawValue),
                    (SELECT count(*) FROM comment WHERE talk_id = \(id)),
                    (SELECT count(*) FROM held_comment WHERE talk_id = \(id) AND state = 'waiting'),
                    (SELECT count(*) FROM held_comment WHERE talk_id = \(id) AND state = 'hidden'), \(now()), \(now())
                """)
            try await transaction.execute(
                "SELECT setval('talk_id_seq', greatest(last_value, \(id))) FROM talk_id_seq")
            try await transaction.execute(PostgresChangeLog.entry(.talk, of: nil, in: id, at: now()))
            guard let talk = try await Self.find(id, transaction) else {
                throw StoreError.unavailable("a talk that was inserted is not there")
            }
            return talk
        }
    }

    func update(_ id: Int, _ update: TalkUpdate) async throws -> Talk? {
        try await write { transaction in
            guard let old = try await Self.find(id, transaction) else { return nil }
            if let slug = update.slug, slug != old.slug, try await Self.hasSlug(slug, transaction) {
                throw TalkConflict.slugTaken
            }
            let talks = try await transaction.execute(
                """
                UPDATE talk SET slug = coalesce(\(update.slug), slug),
                    title = coalesce(\(update.title.map { PostgresBytes(Array($0.utf8)) }), title),
                    speaker = coalesce(\(update.speaker.map { PostgresBytes(Array($0.utf8)) }), speaker),
                    starts_at = coalesce(\(update.startsAt), starts_at),
                    state = coalesce(\(update.state?.rawValue), state),
                    moderation = coalesce(\(update.moderation?.rawValue), moderation),
                    updated_at = greatest(\(now()), updated_at + interval '1 microsecond')
                WHERE id = \(id) RETURNING \(raw: Self.columns)
                """
            ).rows(Talk.self)
            try await transaction.execute(PostgresChangeLog.entry(.talk, of: nil, in: id, at: now()))
            return talks.first
        }
    }

    func delete(_ id: Int) async throws -> Bool {
        try await write { transaction in
            let deleted = try await transaction.execute("DELETE FROM talk WHERE id = \(id)")
            guard deleted.affectedRows > 0 else { return false }
            try await transaction.execute("DELETE FROM blocked_word WHERE talk_id = \(id)")
            try await transaction.execute(PostgresChangeLog.entry(.talk, of: nil, in: id, at: now()))
            return true
        }
    }

    func words(of id: Int) async throws -> TalkWords? {
        try await StoreError.translating { try await Self.words(database.query(Self.selectingWords(of: id))) }
    }

    func setWords(_ words: TalkWords, of id: Int) async throws -> TalkWords? {
        try await write { transaction in
            guard try await Self.find(id, transaction) != nil else { return nil }
            for statement in Self.settingWords(words.words, of: id) {
                try await transaction.execute(statement)
            }
            return try await Self.words(transaction.execute(Self.selectingWords(of: id)))
        }
    }
}

extension PostgresTalkStore {
    /// The statements that give a talk its blocked words, in one transaction.
    static func settingWords(_ words: [String], of id: Int) -> [PostgresQuery] {
        [
            "UPDATE talk SET words_version = nextval('blocked_word_version') WHERE id = \(id)",
            "DELETE FROM blocked_word WHERE talk_id = \(id)",
            """
            INSERT INTO blocked_word (talk_id, word)
            SELECT DISTINCT \(id), word FROM unnest(\(words.map { PostgresBytes(Array($0.utf8)) })) AS new (word)
            """,
        ]
    }

    /// A row for each word, or one for a talk without any.
    private static func selectingWords(of id: Int) -> PostgresQuery {
        """
        SELECT word FROM talk LEFT JOIN blocked_word ON talk_id = talk.id WHERE talk.id = \(id) ORDER BY word
        """
    }

    private static func words(_ rows: PostgresRows) throws(PostgresError) -> TalkWords? {
        guard !rows.isEmpty else { return nil }
        var words: [String] = []
        for row in rows where try !row.isNull("word") { words.append(try row.text("word")) }
        return TalkWords(words: words)
    }

    private static func find(_ id: Int, _ transaction: PostgresTransaction) async throws -> Talk? {
        try await transaction.execute("SELECT \(raw: columns) FROM talk WHERE id = \(id)").rows(Talk.self)
            .first
    }

    private static func hasSlug(_ slug: String, _ transaction: PostgresTransaction) async throws -> Bool {
        try await !transaction.execute("SELECT id FROM talk WHERE slug = \(slug)").isEmpty
    }

    /// The next id that no talk has had and no comment names: a new talk begins without comments.
    private static func freeID(_ transaction: PostgresTransaction) async throws -> Int {
        let rows = try await transaction.execute(
            """
            SELECT id FROM (
                SELECT generate_series(last_value + is_called::int, last_value + 1000000) AS id FROM talk_id_seq
            ) AS free
            WHERE (SELECT id FROM talk WHERE talk.id = free.id) IS NULL
                AND (SELECT id FROM comment WHERE talk_id = free.id LIMIT 1) IS NULL
                AND (SELECT id FROM held_comment WHERE talk_id = free.id LIMIT 1) IS NULL
                AND (SELECT seq FROM change WHERE talk_id = free.id LIMIT 1) IS NULL
            LIMIT 1
            """)
        guard let row = rows.first else { throw TalkConflict.idTaken }
        return try row.int("id")
    }

    private func read(_ query: PostgresQuery) async throws -> [Talk] {
        try await StoreError.translating { try await database.query(query).rows(Talk.self) }
    }

    /// Does something under the lock of all who write.
    private func write<Value>(_ body: (PostgresTransaction) async throws -> Value) async throws -> Value {
        let value = try await StoreError.translating {
            try await database.transaction { transaction in
                try await transaction.execute(PostgresChangeLog.lock)
                return try await body(transaction)
            }
        }
        changed()
        return value
    }
}
