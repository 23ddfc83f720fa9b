import Crane
import CraneSQLite
import Foundation
import HTTPTypes
import HTTPWire
import Logging

@testable import LiveTalk

/// Sends requests through the parser and the application, without a socket.
struct Client: Sendable {
    let responder: AppResponder

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
        _ settings: Settings = Settings(), store: (any CommentStore)? = nil, users: UserStore? = nil,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        let database = try Database.testing()
        let users = users ?? UserStore(database)
        if settings.demoUser { try users.setDemoUser(true) }
        responder = App(
            settings, comments: store ?? SQLiteCommentStore(database), users: users, accessLog: nil,
            logger: logger
        ).build()
    }

    func send(
        _ method: String, _ target: String, host: String = "testserver", headers: [String] = [],
        body: [UInt8] = []
    ) async throws -> Answer {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n"
        for header in headers { head += header + "\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        head += "\r\n"
        let loop = InProcessLoop()
        let request = Request(connection: ConnectionInfo(peer: .unixSocket, loop: loop))
        var parser = RequestParser(limits: WireLimits())
        _ = try unsafe Array(head.utf8).withUnsafeBytes { bytes throws(WireError) in
            try unsafe parser.parse(bytes, into: request)
        }
        request.body = RequestBody(body)
        let response = await responder.respond(to: request)
        await loop.finish()
        return Answer(status: response.status.code, headers: response.allFields, body: response.body.text)
    }

    func send(
        _ method: String, _ target: String, headers: [String] = [], json body: String
    ) async throws -> Answer {
        try await send(
            method, target, headers: ["Content-Type: application/json"] + headers, body: Array(body.utf8))
    }
}

extension ResponseBody {
    /// The whole body; a streamed one does not occur here.
    fileprivate var text: String {
        switch storage {
        case .string(let string): string
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .stream: "(a stream)"
        case .upgrade: "(an upgrade)"
        }
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
