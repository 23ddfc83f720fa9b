import Crane
import CraneSQLite
import CraneService
import CraneTesting
import HTTPTypes
import Logging
import Testing

@testable import LiveTalk

/// Sends requests to LiveTalk in memory.
struct Client: Sendable {
    let responder: AppResponder
    /// Who the requests come from.
    var peer = PeerAddress.unixSocket

    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: String
    }

    init(responder: AppResponder) {
        self.responder = responder
    }

    /// A client of an application over its own database in memory, or over `store`.
    init(
        _ settings: Settings = Settings(), store: (any CommentStore)? = nil, users: SQLiteUserStore? = nil,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        let database = try Database.testing()
        let users = users ?? SQLiteUserStore(database)
        if settings.demoUser { try users.setDemoUser(true) }
        let comments: any CommentStore = store ?? SQLiteCommentStore(database)
        responder = App(
            settings, comments: comments, users: users,
            context: ServiceContext("LiveTalk", logger: logger)
        ).build()
    }

    func send(
        _ method: String, _ target: String, host: String = "testserver", headers: [String] = [],
        body: [UInt8] = []
    ) async throws -> Answer {
        var fields = HTTPFields()
        for header in headers {
            guard let colon = header.firstIndex(of: ":"), let name = HTTPField.Name(String(header[..<colon]))
            else { continue }
            fields.append(
                HTTPField(name: name, value: String(header[colon...].dropFirst().drop { $0 == " " })))
        }
        let method = try #require(HTTPRequest.Method(method))
        let request = TestRequest(method, target, headers: fields, body: body)
        // Redirects are for the tests to see.
        let client = TestClient(InMemoryTransport(responder, peer: peer), host: host, followsRedirects: false)
        let answer = try await client.send(request)
        return Answer(status: answer.status.code, headers: answer.headers, body: answer.text)
    }

    func send(
        _ method: String, _ target: String, headers: [String] = [], json body: String
    ) async throws -> Answer {
        try await send(
            method, target, headers: ["Content-Type: application/json"] + headers, body: Array(body.utf8))
    }
}

extension Database {
    /// A migrated database in memory.
    static func testing() throws -> Database {
        let database = try Database(Database.Configuration(.memory))
        try database.migrate(Migration.all)
        return database
    }
}
