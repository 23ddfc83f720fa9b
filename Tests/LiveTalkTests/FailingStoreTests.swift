import Crane
import CraneSQLite
import CraneSchema
import CraneService
import CraneTesting
import Foundation
import HTTPTypes
import Testing

@testable import LiveTalk

@Suite("A store that fails")
struct FailingStoreTests {
    struct Failing: CommentStore {
        let error: StoreError
        func comment(_ id: Int) async throws -> LiveTalk.Comment? { throw error }
        func representation(of id: Int) throws -> Eventual<CommentRepresentation?> { throw error }
        func shortList(_ query: CommentQuery) throws -> CommentList? { throw error }
        func longList(
            _ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress
        ) async throws -> CommentList { throw error }
        func search(
            _ search: CommentSearch, on loop: any LoopServices, for client: PeerAddress
        ) async throws -> MatchList { throw error }
        func rest(
            of list: MatchList, on loop: any LoopServices, for client: PeerAddress
        ) async throws -> MatchList { throw error }
        func insert(
            _ comment: CommentCreate, key: PostKey?, by participant: Participant?, named name: String?
        ) async throws -> LiveTalk.Comment { throw error }
        func update(
            _ id: Int, _ update: CommentUpdate, if condition: CommentCondition?, by editor: CommentEditor
        ) async throws -> LiveTalk.Comment? { throw error }
        func delete(
            _ id: Int, if condition: CommentCondition?, by editor: CommentEditor
        ) async throws -> Bool { throw error }
    }

    @Test("because too many writes wait answers 503, and takes comments again when they are done")
    func overloaded() async throws {
        var configuration = Database.Configuration(.memory)
        configuration.writeQueueBound = 1
        let database = try Database(configuration)
        try database.migrate(Migration.all)
        let client = try Client(store: SQLiteCommentStore(database))
        let (entered, entry) = AsyncStream.makeStream(of: Void.self)
        let gate = DispatchSemaphore(value: 0)
        async let held: Void = database.write { _ in
            entry.yield()
            gate.wait()
        }
        for await _ in entered { break }
        async let waiting = client.send("POST", "/comments/", json: CommentRouteTests.good)
        while database.counters.queueLength < 1 { await Task.yield() }
        let refused = try await client.send("POST", "/comments/", json: CommentRouteTests.good)
        #expect(refused.status == 503)
        #expect(refused.headers[.retryAfter] == "1")
        #expect(refused.body == #"{"detail":"Too many writes are waiting"}"#)
        gate.signal()
        try await held
        #expect(try await waiting.status == 200)
        #expect(try await client.send("POST", "/comments/", json: CommentRouteTests.good).status == 200)
    }

    @Test("answers 503 and when to come back, on every route")
    func unavailable() async throws {
        for error in [StoreError.overloaded, .tooLong, .unavailable("disk I/O error")] {
            let client = try Client(store: Failing(error: error))
            let update = #"{"comment_text":"a"}"#
            for (method, target, body) in [
                ("GET", "/comments/1", ""), ("GET", "/comments/", ""), ("DELETE", "/comments/1", ""),
                ("PUT", "/comments/1", update), ("POST", "/comments/", CommentRouteTests.good),
                ("GET", "/search/comments?q=a", ""), ("GET", "/comments/?talk_id=1&user_ip=a", ""),
            ] {
                let answer = try await client.send(method, target, json: body)
                #expect(answer.status == 503)
                #expect(answer.headers[.retryAfter] != nil)
                #expect(answer.body.hasPrefix(#"{"detail":""#))
                #expect(!answer.body.contains("disk"))
            }
        }
    }
}
