import CranePasswords
import CraneSQLite
import CraneSchema
import Testing

@testable import LiveTalk

/// An application with a moderator, over a database of its own that tests look into.
struct Room {
    let database: Database
    let client: Client
    /// The field of a moderator's request, and that of a user who is none.
    let moderator = "Authorization: Bearer moderator-token"
    let user = "Authorization: Bearer user-token"

    init(_ change: (inout Settings) -> Void = { _ in }) throws {
        database = try Database.testing()
        let users = SQLiteUserStore(database)
        let hash = PasswordHash(text: "none")
        let ada = try #require(try users.add("ada", hash, isModerator: true))
        try users.keepWaiting("moderator-token", of: ada, for: nil)
        let bob = try #require(try users.add("bob", hash))
        try users.keepWaiting("user-token", of: bob, for: nil)
        var settings = Settings()
        change(&settings)
        client = try Client(settings, store: SQLiteCommentStore(database), users: users)
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

    /// The log as a role reads it.
    func log(_ talk: Int = 1, for role: FeedRole = .moderator, after: Int? = 0, limit: Int = 1000) throws
        -> ChangePage
    {
        try database.read { try ChangePage(of: talk, for: role, after: after, limit: limit, $0) }
    }

    /// The kinds of the changes, with the comment each is about.
    func kinds(_ talk: Int = 1, for role: FeedRole = .moderator) throws -> [String] {
        try log(talk, for: role).changes.map { "\($0.change.kind.name) \($0.change.commentID ?? 0)" }
    }
}
