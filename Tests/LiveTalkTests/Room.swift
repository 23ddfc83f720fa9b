import Crane
import CranePasswords
import CraneSQLite
import CraneSchema
import CraneTesting
import TestSupport
import Testing

@testable import LiveTalk

#if POSTGRES
import CranePostgres
#endif

/// An application with a moderator, over a database of its own that tests look into.
struct Room {
    /// What it is kept in.
    enum Kind: String, StoreKind {
        case sqlite
        #if POSTGRES
        case postgres
        #endif
    }

    private enum Place {
        case sqlite(Database)
        #if POSTGRES
        case postgres(PostgresNode)
        #endif
    }

    private let place: Place
    let client: Client
    /// The field of a moderator's request, and that of a user who is none.
    let moderator = "Authorization: Bearer moderator-token"
    let user = "Authorization: Bearer user-token"

    init(_ kind: Kind = .sqlite, _ change: (inout Settings) -> Void = { _ in }) throws {
        switch kind {
        case .sqlite:
            let database = try Database.testing()
            place = .sqlite(database)
            let users = SQLiteUserStore(database)
            try Self.addUsers(users)
            var settings = Settings()
            change(&settings)
            client = try Client(settings, store: SQLiteCommentStore(database), users: users)
        #if POSTGRES
        case .postgres:
            let url = try PostgresServer.shared().database()
            let node = try PostgresNode(url, change)
            place = .postgres(node)
            let session = try PostgresBlockingSession(PostgresConfiguration(url))
            try Self.addUsers(PostgresUserDirectory(session: session))
            client = node.client
        #endif
        }
    }

    private static func addUsers(_ users: any UserDirectory) throws {
        let hash = PasswordHash(text: "none")
        let ada = try #require(try users.add("ada", hash, isDemo: false, isModerator: true))
        try users.keepWaiting("moderator-token", of: ada, for: nil) {}
        let bob = try #require(try users.add("bob", hash, isDemo: false, isModerator: false))
        try users.keepWaiting("user-token", of: bob, for: nil) {}
    }

    /// SQLite's database.
    var database: Database {
        guard case .sqlite(let database) = place else { preconditionFailure("a room in SQLite") }
        return database
    }

    #if POSTGRES
    /// PostgreSQL's database; `nil` for another's.
    var url: String? {
        guard case .postgres(let node) = place else { return nil }
        return node.url
    }
    #endif

    /// The user's store.
    var users: any UserDirectory {
        get throws {
            switch place {
            case .sqlite(let database): return SQLiteUserStore(database)
            #if POSTGRES
            case .postgres(let node):
                return PostgresUserDirectory(
                    session: try PostgresBlockingSession(node.database.configuration))
            #endif
            }
        }
    }

    /// Posts a comment; its id.
    @discardableResult
    func post(_ text: String, talk: Int = 1, headers: [String] = []) async throws -> Int {
        let answer = try await send(
            "POST", "/comments/", #"{"talk_id":\#(talk),"user_ip":"::1","comment_text":"\#(text)"}"#, headers)
        try #require(answer.status == 200, "\(answer)")
        return try #require(answer.body.firstMatch(of: /"id":(\d+)/).flatMap { Int($0.1) })
    }

    /// Sends a request with a body of JSON, or without one.
    func send(
        _ method: String, _ target: String, _ json: String? = nil, _ headers: [String] = []
    ) async throws -> Client.Answer {
        guard let json else { return try await client.send(method, target, headers: headers) }
        return try await client.send(method, target, headers: headers, json: json)
    }

    /// Makes a talk; its id.
    @discardableResult
    func talk(_ slug: String = "swift", _ members: String = "") async throws -> Int {
        let answer = try await send(
            "POST", "/talks/", #"{"slug":"\#(slug)","title":"T"\#(members)}"#, [moderator])
        try #require(answer.status == 201, "\(answer)")
        return try #require(answer.body.firstMatch(of: /"id":(\d+)/).flatMap { Int($0.1) })
    }

    /// Does something as a moderator.
    @discardableResult
    func moderate(_ id: Int, _ json: String) async throws -> Client.Answer {
        try await send("PUT", "/comments/\(id)/state", json, [moderator])
    }

    /// How many rows a table, or several together, have.
    func count(_ tables: String...) async throws -> Int {
        let sql =
            "SELECT " + tables.map { "(SELECT count(*) FROM \($0))" }.joined(separator: " + ") + " AS total"
        switch place {
        case .sqlite(let database):
            return try await database.write { connection in
                let row = try connection.prepare(sql)
                return try row.step() ? row.int("total") : -1
            }
        #if POSTGRES
        case .postgres(let node): return try await node.database.query(PostgresQuery(sql))[0].int("total")
        #endif
        }
    }
}

/// A part of a talk's log as a role reads it.
struct RoomLog {
    let epoch: String
    let oldest: Int
    let newest: Int
    let changes: [(change: Change, json: String)]
}

extension Room {
    /// The log as a role reads it.
    func log(
        _ talk: Int = 1, for role: FeedRole = .moderator, after: Int? = 0, limit: Int = 1000
    ) async throws -> RoomLog {
        switch place {
        case .sqlite(let database):
            let page = try database.read {
                try ChangePage(of: talk, for: role, after: after, limit: limit, $0)
            }
            return RoomLog(epoch: page.epoch, oldest: page.oldest, newest: page.newest, changes: page.changes)
        #if POSTGRES
        case .postgres(let node):
            let rows = try await node.database.query(
                "SELECT * FROM change WHERE talk_id = \(talk) ORDER BY seq")
            let changes = try rows.compactMap { try Change($0) }
            let page = try await PostgresTalkHistory(database: node.database).page(
                of: TalkTopic(talkID: talk, role: role), after: after, limit: limit, on: InProcessLoop())
            let read = page.events.compactMap { event in
                changes.first { $0.seq == event.sequence }.map { ($0.seen(by: role), event.json) }
            }
            #expect(read.map(\.0.prev) == page.events.map(\.previous))
            return RoomLog(epoch: page.epoch, oldest: page.oldest, newest: page.newest, changes: read)
        #endif
        }
    }

    /// The kinds of the changes, with the comment each is about.
    func kinds(_ talk: Int = 1, for role: FeedRole = .moderator) async throws -> [String] {
        try await log(talk, for: role).changes.map { "\($0.change.kind.name) \($0.change.commentID ?? 0)" }
    }
}
