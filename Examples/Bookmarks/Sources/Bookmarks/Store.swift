import Crane
import CraneSQLite

extension Migration {
    static let users = Migration(1, "users", creating: User.table)
    static let tokens = Migration(
        2, "tokens",
        sql: """
            CREATE UNIQUE INDEX user_name ON user (name);
            CREATE TABLE token (hash BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES user (id)) WITHOUT ROWID
            """)
    static let bookmarks = Migration(3, "bookmarks", creating: Bookmark.table)
}

/// What a rule of this service refuses; the application says how it is answered.
enum ShelfError: Error {
    case missing(Int)
    case full(limit: Int)
}

struct Store: Sendable {
    static let limit = 1000
    let database: Database

    func add(_ new: NewBookmark, for owner: Int) async throws -> Bookmark {
        var bookmark = Bookmark(
            owner: owner, reference: UniqueID(), url: new.url, title: new.title, tags: new.tags,
            visibility: new.visibility, source: new.source, remindOn: new.remindOn,
            readingTime: new.readingTime, notes: nil, added: .now)
        bookmark.id = try await database.write { [bookmark] connection in
            guard try Self.count("owner = :owner", ["owner": owner], connection) < Self.limit else {
                throw ShelfError.full(limit: Self.limit)
            }
            return try connection.add(bookmark)
        }
        return bookmark
    }

    func bookmark(_ id: Int, of owner: Int) throws -> Bookmark {
        let bookmark = try database.read { try $0.find(Bookmark.self, id) }
        guard let bookmark, bookmark.owner == owner else { throw ShelfError.missing(id) }
        return bookmark
    }

    /// Those of an owner that have all the tags.
    func list(of owner: Int, tags: [String], _ window: Window) throws -> Page<BookmarkView> {
        let condition = """
            owner = :owner AND NOT EXISTS (
                SELECT 1 FROM json_each(:tags) AS wanted
                WHERE wanted.value NOT IN (SELECT value FROM json_each(bookmark.tags)))
            """
        return try database.read { connection in
            let rows = try connection.select(
                Bookmark.self, "WHERE \(condition) ORDER BY id LIMIT :limit OFFSET :offset",
                ["owner": owner, "tags": tags, "limit": window.limit, "offset": window.offset])
            let total = try Self.count(condition, ["owner": owner, "tags": tags], connection)
            return Page(items: rows.map(\.view), total: total)
        }
    }

    func shared() throws -> [Bookmark] {
        try database.read {
            try $0.select(
                Bookmark.self, "WHERE visibility = :shared ORDER BY id DESC LIMIT 50",
                ["shared": Visibility.shared])
        }
    }

    func change(_ id: Int, of owner: Int, by change: BookmarkChange) async throws -> Bookmark {
        var bookmark = try bookmark(id, of: owner)
        bookmark.title = change.title.applied(to: bookmark.title)
        bookmark.visibility = change.visibility.applied(to: bookmark.visibility)
        bookmark.notes = change.notes.applied(to: bookmark.notes)
        let changed = try await database.write { [bookmark] in try $0.update(Bookmark.self, id, to: bookmark)
        }
        guard let changed else { throw ShelfError.missing(id) }
        return changed
    }

    func remove(_ id: Int, of owner: Int) async throws {
        _ = try bookmark(id, of: owner)
        _ = try await database.write { try $0.delete(Bookmark.self, id) }
    }

    var count: Int { (try? database.read { try Self.count("true", [:], $0) }) ?? 0 }

    private static func count(
        _ condition: String, _ values: KeyValuePairs<String, any SchemaRepresentable>,
        _ connection: Connection
    ) throws -> Int {
        let row = try connection.prepare("SELECT count(*) AS total FROM bookmark WHERE \(condition)")
        for (name, value) in values { try row.bind(name, value) }
        return try row.step() ? row.int("total") : 0
    }
}
