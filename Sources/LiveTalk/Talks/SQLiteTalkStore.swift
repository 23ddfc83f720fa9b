import Crane
import CraneSQLite
import CraneSchema

/// Talks in SQLite's table `talk`. Reads answer on the calling thread.
struct SQLiteTalkStore: TalkStore, SQLiteStore {
    let database: Database
    let changes: ChangeLog
    private let now: @Sendable () -> Timestamp

    /// The database's migrations must have been applied: see `Migration.talks`.
    init(_ database: Database, _ changes: ChangeLog, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.database = database
        self.changes = changes
        self.now = now
    }

    func talk(_ id: Int) throws -> Talk? {
        try read { try $0.find(Talk.self, id) }
    }

    func talk(slug: String) throws -> Talk? {
        try read { try $0.select(Talk.self, "WHERE slug = :slug", ["slug": slug]).first }
    }

    func talks(offset: Int, limit: Int, state: Talk.State?) throws -> [Talk] {
        try read { connection in
            try connection.select(
                Talk.self,
                "WHERE :state IS NULL OR state = :state ORDER BY id DESC LIMIT :limit OFFSET :offset",
                ["state": state, "limit": limit, "offset": offset])
        }
    }

    func add(_ new: TalkCreate) async throws -> Talk {
        try await write { [changes, now] connection in
            let now = now()
            if try Self.hasSlug(new.slug, connection) { throw TalkConflict.slugTaken }
            let id = try new.id ?? Self.freeID(connection)
            if try connection.find(Talk.self, id) != nil { throw TalkConflict.idTaken }
            let talk = Talk(
                id: id, slug: new.slug, title: new.title, speaker: new.speaker, startsAt: new.startsAt,
                state: .open, moderation: new.moderation, comments: 0, waiting: 0, hidden: 0, createdAt: now,
                updatedAt: now)
            let insert = try connection.prepare(Self.insertion)
            try insert.bind(members: talk)
            try insert.run()
            // A free talk_id may have comments already.
            try Self.count(id, connection)
            try changes.append(.talk, of: nil, in: id, at: now, connection)
            return try connection.find(Talk.self, id) ?? talk
        }
    }

    func update(_ id: Int, _ update: TalkUpdate) async throws -> Talk? {
        try await write { [changes, now] connection in
            guard let old = try connection.find(Talk.self, id) else { return nil }
            if let slug = update.slug, slug != old.slug, try Self.hasSlug(slug, connection) {
                throw TalkConflict.slugTaken
            }
            let change = try connection.prepare(
                """
                UPDATE talk SET slug = ifnull(:slug, slug), title = ifnull(:title, title),
                    speaker = ifnull(:speaker, speaker), starts_at = ifnull(:starts_at, starts_at),
                    state = ifnull(:state, state), moderation = ifnull(:moderation, moderation),
                    updated_at = max(:now, updated_at + 1)
                WHERE id = :id
                """)
            try change.bind("id", id)
            try change.bind(members: update)
            try change.bind("now", now())
            try change.run()
            try changes.append(.talk, of: nil, in: id, at: now(), connection)
            return try connection.find(Talk.self, id)
        }
    }

    func delete(_ id: Int) async throws -> Bool {
        try await write { [changes, now] connection in
            guard try connection.delete(Talk.self, id) != nil else { return false }
            try Self.setWords([], of: id, connection)
            try changes.append(.talk, of: nil, in: id, at: now(), connection)
            return true
        }
    }

    func words(of id: Int) throws -> TalkWords? {
        try read { connection in
            guard try connection.find(Talk.self, id) != nil else { return nil }
            return TalkWords(words: try TalkRules.words(of: id, connection))
        }
    }

    func setWords(_ words: TalkWords, of id: Int) async throws -> TalkWords? {
        try await write { connection in
            guard try connection.find(Talk.self, id) != nil else { return nil }
            try Self.setWords(words.words, of: id, connection)
            return TalkWords(words: try TalkRules.words(of: id, connection))
        }
    }
}

extension SQLiteTalkStore {
    private static let insertion = SQL(
        "INSERT INTO talk (\(Talk.table.columnList())) VALUES (\(Talk.table.parameterList))")

    private static func hasSlug(_ slug: String, _ connection: Connection) throws -> Bool {
        let row = try connection.prepare("SELECT id FROM talk WHERE slug = :slug")
        try row.bind("slug", slug)
        return try row.step()
    }

    /// The next id that no talk has had and no comment names: a new talk begins without comments.
    private static func freeID(_ connection: Connection) throws -> Int {
        let last = try connection.prepare(
            "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'talk'), 0) AS id")
        var id = try last.step() ? last.int("id") : 0
        let used = try connection.prepare(
            """
            SELECT EXISTS (SELECT 1 FROM comment WHERE talk_id = :id)
                OR EXISTS (SELECT 1 FROM held_comment WHERE talk_id = :id)
                OR EXISTS (SELECT 1 FROM change WHERE talk_id = :id) AS is_used
            """)
        repeat {
            id += 1
            try used.bind("id", id)
        } while try used.step() && used.value("is_used", as: Bool.self)
        return id
    }

    /// Counts the comments that were there before the talk.
    private static func count(_ id: Int, _ connection: Connection) throws {
        let count = try connection.prepare(
            """
            UPDATE talk SET comments = (SELECT count(*) FROM comment WHERE talk_id = :id),
                waiting = (SELECT count(*) FROM held_comment WHERE talk_id = :id AND state = 'waiting'),
                hidden = (SELECT count(*) FROM held_comment WHERE talk_id = :id AND state = 'hidden')
            WHERE id = :id
            """)
        try count.bind("id", id)
        try count.run()
    }

    private static func setWords(_ words: [String], of id: Int, _ connection: Connection) throws {
        let delete = try connection.prepare("DELETE FROM blocked_word WHERE talk_id = :talk_id")
        try delete.bind("talk_id", id)
        try delete.run()
        for word in words {
            let insert = try connection.prepare("INSERT OR IGNORE INTO blocked_word VALUES (:talk_id, :word)")
            try insert.bind("talk_id", id)
            try insert.bind("word", word)
            try insert.run()
        }
    }
}
