import CraneSQLite
import Foundation
import HTTPTypes
import Schema
import Testing

@testable import LiveTalk

/// What every store must do, whatever it is made of.
@Suite("A comment store")
struct CommentStoreTests {
    enum Kind: CaseIterable { case memory, file }

    private func withStore(_ kind: Kind, _ body: (any CommentStore) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".db").path
        let database = try Database(Database.Configuration(kind == .memory ? .memory : .file(path)))
        defer {
            database.close()
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }
        try database.migrate(Migration.all)
        try await body(SQLiteCommentStore(database))
    }

    private func new(_ text: String, talk: Int = 1) -> CommentCreate {
        CommentCreate(talkID: talk, userIP: "::1", text: text)
    }

    @Test("gives back what was put in, whatever the text", arguments: Kind.allCases)
    func roundTrip(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for text in [
                "a", "", "\0", "a\0b", "é😀", "'; DROP TABLE comment", String(repeating: "x", count: 100_000),
            ] {
                let inserted = try await store.insert(new(text))
                let read = try #require(try store.comment(inserted.id, slot: 0))
                #expect(read == inserted)
                #expect(read.text.utf8.elementsEqual(text.utf8))
                #expect(read.createdAt == read.updatedAt)
            }
            #expect(try store.comment(0, slot: 0) == nil)
            #expect(try store.comment(.max, slot: 0) == nil)
            #expect(try store.comment(.min, slot: 0) == nil)
        }
    }

    @Test("never gives an id twice", arguments: Kind.allCases)
    func ids(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for expected in 1...3 {
                let comment = try await store.insert(new("a"))
                #expect(comment.id == expected)
                #expect(try await store.delete(comment.id))
                #expect(try await !store.delete(comment.id))
            }
        }
    }

    @Test("moves updated_at when the text changes, and only then", arguments: Kind.allCases)
    func updates(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let first = try await store.insert(new("a"))
            #expect(try await store.update(first.id, CommentUpdate(text: "a")) == first)
            let second = try #require(try await store.update(first.id, CommentUpdate(text: "b")))
            #expect(second.text == "b")
            #expect(second.createdAt == first.createdAt)
            #expect(second.updatedAt.microseconds > first.updatedAt.microseconds)
            #expect(try store.comment(first.id, slot: 0) == second)
            #expect(try await store.update(99, CommentUpdate(text: "b")) == nil)
        }
    }

    @Test("lists by id, filtered and paged", arguments: Kind.allCases)
    func lists(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for talk in [5, 6, 5, 6, 5] { _ = try await store.insert(new("x", talk: talk)) }
            func ids(_ query: CommentQuery) throws -> [Int] { try store.comments(query, slot: 0).map(\.id) }
            #expect(try ids(CommentQuery()) == [1, 2, 3, 4, 5])
            #expect(try ids(CommentQuery(talkID: 5)) == [1, 3, 5])
            #expect(try ids(CommentQuery(talkID: 6, offset: 1)) == [4])
            #expect(try ids(CommentQuery(offset: 1, limit: 2)) == [2, 3])
            #expect(try ids(CommentQuery(offset: .max)) == [])
            #expect(try ids(CommentQuery(talkID: .min)) == [])
        }
    }

    @Test("says in its own words that it cannot go on")
    func faults() async throws {
        let database = try Database.testing()
        let store = SQLiteCommentStore(database)
        database.close()
        #expect(throws: StoreError.self) { try store.comment(1, slot: 0) }
        await #expect(throws: StoreError.self) { try await store.insert(new("a")) }
    }
}

@Suite("A store that fails")
struct FailingStoreTests {
    struct Failing: CommentStore {
        let error: StoreError
        func comment(_ id: Int, slot: Int) throws -> LiveTalk.Comment? { throw error }
        func comments(_ query: CommentQuery, slot: Int) throws -> [LiveTalk.Comment] { throw error }
        func insert(_ comment: CommentCreate) async throws -> LiveTalk.Comment { throw error }
        func update(_ id: Int, _ update: CommentUpdate) async throws -> LiveTalk.Comment? { throw error }
        func delete(_ id: Int) async throws -> Bool { throw error }
    }

    @Test("answers 503 and when to come back, on every route")
    func unavailable() async throws {
        for error in [StoreError.overloaded, .unavailable("disk I/O error")] {
            let client = try Client(store: Failing(error: error))
            let update = #"{"comment_text":"a"}"#
            for (method, target, body) in [
                ("GET", "/comments/1", ""), ("GET", "/comments/", ""), ("DELETE", "/comments/1", ""),
                ("PUT", "/comments/1", update), ("POST", "/comments/", CommentRouteTests.good),
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
