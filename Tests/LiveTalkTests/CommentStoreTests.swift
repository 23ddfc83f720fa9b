import Crane
import CraneSQLite
import CraneSchema
import CraneService
import CraneTesting
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import LiveTalk

/// What every store must do, whatever it is made of.
@Suite("A comment store")
struct CommentStoreTests {
    enum Kind: String, StoreKind {
        case sqliteInMemory, sqliteFile, memory
        #if POSTGRES
        case postgres
        #endif
    }

    private func withStore(_ kind: Kind, _ body: (any CommentStore) async throws -> Void) async throws {
        if kind == .memory { return try await body(MemoryCommentStore()) }
        #if POSTGRES
        if kind == .postgres { return try await withPostgres { try await body(PostgresCommentStore($0)) } }
        #endif
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".db").path
        let location: Database.Configuration.Location = kind == .sqliteInMemory ? .memory : .file(path)
        let database = try Database(Database.Configuration(location))
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

    @Test("lists the latest first when asked, whole and in parts", arguments: Kind.all)
    func latestFirst(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for number in 1...7 { _ = try await store.insert(new("\(number)", talk: number % 2)) }
            func ids(_ query: CommentQuery) async throws -> [Int] {
                try await store.comments(query).map(\.id)
            }
            #expect(try await ids(CommentQuery(order: .newest)) == [7, 6, 5, 4, 3, 2, 1])
            #expect(try await ids(CommentQuery(talkID: 1, order: .newest, offset: 1, limit: 2)) == [5, 3])
            #expect(try await ids(CommentQuery(talkID: 1, after: 5, order: .newest)) == [3, 1])
            let first = CommentQuery(talkID: 1, order: .newest, offset: 1, limit: 3)
            #expect(try await ids(first.rest(behind: 5, taken: 1, of: 3)) == [3, 1])
        }
    }

    @Test("gives back what was put in, whatever the text", arguments: Kind.all)
    func roundTrip(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for text in [
                "a", "", "\0", "a\0b", "é😀", "'; DROP TABLE comment", String(repeating: "x", count: 100_000),
            ] {
                let inserted = try await store.insert(new(text))
                let read = try #require(try await store.comment(inserted.id))
                #expect(read == inserted)
                #expect(read.text.utf8.elementsEqual(text.utf8))
                #expect(read.createdAt == read.updatedAt)
            }
            #expect(try await store.comment(0) == nil)
            #expect(try await store.comment(.max) == nil)
            #expect(try await store.comment(.min) == nil)
        }
    }

    @Test("never gives an id twice", arguments: Kind.all)
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

    @Test("moves updated_at when the text changes, and only then", arguments: Kind.all)
    func updates(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let first = try await store.insert(new("a"))
            #expect(try await store.update(first.id, CommentUpdate(text: "a")) == first)
            let second = try #require(try await store.update(first.id, CommentUpdate(text: "b")))
            #expect(second.text == "b")
            #expect(second.createdAt == first.createdAt)
            #expect(second.updatedAt.microseconds > first.updatedAt.microseconds)
            #expect(try await store.comment(first.id) == second)
            #expect(try await store.update(99, CommentUpdate(text: "b")) == nil)
        }
    }

    @Test("lists by id, filtered and paged", arguments: Kind.all)
    func lists(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for talk in [5, 6, 5, 6, 5] { _ = try await store.insert(new("x", talk: talk)) }
            func ids(_ query: CommentQuery) async throws -> [Int] {
                try await store.comments(query).map(\.id)
            }
            #expect(try await ids(CommentQuery()) == [1, 2, 3, 4, 5])
            #expect(try await ids(CommentQuery(talkID: 5)) == [1, 3, 5])
            #expect(try await ids(CommentQuery(talkID: 6, offset: 1)) == [4])
            #expect(try await ids(CommentQuery(offset: 1, limit: 2)) == [2, 3])
            #expect(try await ids(CommentQuery(offset: .max)) == [])
            #expect(try await ids(CommentQuery(talkID: .min)) == [])
        }
    }

    @Test("lists what comes after an id, and of one address", arguments: Kind.all)
    func keyset(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            for number in 1...6 {
                let comment = CommentCreate(
                    talkID: number % 2, userIP: number % 3 == 0 ? "::3" : "::1", text: "x")
                _ = try await store.insert(comment)
            }
            _ = try await store.delete(2)
            func ids(_ query: CommentQuery) async throws -> [Int] {
                try await store.comments(query).map(\.id)
            }
            #expect(try await ids(CommentQuery(after: 1, limit: 2)) == [3, 4])
            #expect(try await ids(CommentQuery(after: 4)) == [5, 6])
            #expect(try await ids(CommentQuery(after: 6)) == [])
            #expect(try await ids(CommentQuery(userIP: "::3")) == [3, 6])
            #expect(try await ids(CommentQuery(talkID: 0, userIP: "::3")) == [6])
            #expect(try await ids(CommentQuery(talkID: 1, after: 1)) == [3, 5])
            #expect(try await ids(CommentQuery(userIP: "::1", after: 1, offset: 1, limit: 1)) == [5])
        }
    }

    @Test("cuts a list of long texts short when told to", arguments: Kind.all)
    func bounded(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let long = new(String(repeating: "x", count: CommentQuery.heldBytes / 5))
            for _ in 0..<10 { _ = try await store.insert(long) }
            let cut = try await store.list(CommentQuery(), on: InProcessLoop(), for: .unixSocket)
            #expect((cut.isCut, cut.count, cut.lastID) == (true, 10, 10))
            #expect((cut.written, cut.lastWritten) == (5, 5))
            let rest = try #require(CommentQuery(offset: 2).rest(after: cut))
            #expect(rest == CommentQuery(after: 5, limit: 5))
            let last = try await store.list(rest, on: InProcessLoop(), for: .unixSocket)
            #expect((last.isCut, last.count, last.lastID) == (false, 5, 10))
        }
    }

    @Test(
        "reads no text behind the bound of a list",
        arguments: [CommentQuery(), CommentQuery(talkID: 1), CommentQuery(userIP: "::1", offset: 1)])
    func unreadTexts(query: CommentQuery) async throws {
        let database = try Database(Database.Configuration(.memory))
        defer { database.close() }
        try database.migrate(Migration.all)
        let store = SQLiteCommentStore(database)
        for _ in 0..<9 { _ = try await store.insert(new(String(repeating: "x", count: 1000))) }
        // From now on whoever reads a text behind the first four has an error.
        try await database.write { connection in
            try connection.execute(
                """
                ALTER TABLE comment RENAME TO original;
                CREATE VIEW comment AS
                    SELECT id, talk_id, user_ip, iif(id > 4, abs(-9223372036854775808), comment_text) AS comment_text,
                        created_at, updated_at FROM original;
                """)
        }
        let list = try store.list(query, bound: 2500, longest: .max)
        #expect((list.count, list.lastID, list.written) == (9 - query.offset, 9, 3))
        #expect(throws: (any Error).self) { try store.list(query, bound: .max, longest: .max) }
    }

    @Test("writes no text on a loop that is longer than the bound of a list, and on a worker the first")
    func longText() async throws {
        let database = try Database(Database.Configuration(.memory))
        defer { database.close() }
        try database.migrate(Migration.all)
        let store = SQLiteCommentStore(database)
        for text in ["a", String(repeating: "x", count: 1000), "b"] { _ = try await store.insert(new(text)) }
        let onLoop = try store.list(CommentQuery(), bound: 500, longest: 500)
        #expect((onLoop.isCut, onLoop.written, onLoop.count) == (true, 1, 2))
        #expect(try [LiveTalk.Comment].schema.decode(onLoop.json).map(\.text) == ["a"])
        let onWorker = try store.list(CommentQuery(), bound: 500, longest: .max)
        #expect((onWorker.isCut, onWorker.written, onWorker.count) == (true, 2, 3))
        let next = CommentQuery().rest(after: onLoop)
        #expect(next?.after == 1)
    }

    @Test("posts once for a key, and refuses the key for anything else", arguments: Kind.all)
    func keys(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let first = try await store.insert(new("a"), key: "k")
            #expect(try await store.insert(new("a"), key: "k") == first)
            for other in [new("b"), new("a", talk: 2), new("a\u{0}")] {
                await #expect(throws: CommentConflict.keyReused) { try await store.insert(other, key: "k") }
            }
            let composed = try await store.insert(new("\u{E9}"), key: "e")
            await #expect(throws: CommentConflict.keyReused) {
                try await store.insert(new("e\u{301}"), key: "e")
            }
            // The response stays what it was, whatever has become of the comment.
            _ = try await store.update(first.id, CommentUpdate(text: "changed"))
            _ = try await store.delete(composed.id)
            #expect(try await store.insert(new("a"), key: "k") == first)
            #expect(try await store.insert(new("\u{E9}"), key: "e") == composed)
            #expect(try await store.insert(new("a"), key: "l").id == composed.id + 1)
            #expect(try await store.comments(CommentQuery()).count == 2)
        }
    }

    @Test("posts once however many post with one key at a time", arguments: Kind.all)
    func racingKeys(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let comment = new("a")
            let ids = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await store.insert(comment, key: "k").id } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids == [1])
            #expect(try await store.comments(CommentQuery()).count == 1)
        }
    }

    @Test("changes and deletes only what meets the condition", arguments: Kind.all)
    func conditions(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            let comment = try await store.insert(new("a"))
            let current: CommentCondition = { $0.updatedAt == comment.updatedAt }
            let update = CommentUpdate(text: "b")
            #expect(try await store.update(comment.id, update, if: current)?.text == "b")
            await #expect(throws: CommentConflict.changed) {
                try await store.update(comment.id, CommentUpdate(text: "c"), if: current)
            }
            await #expect(throws: CommentConflict.changed) { try await store.delete(comment.id, if: current) }
            #expect(try await store.comment(comment.id)?.text == "b")
            #expect(try await store.update(99, update, if: current) == nil)
            #expect(try await !store.delete(99, if: current))
        }
    }

    @Test("finds comments by their words as soon as they are answered", arguments: Kind.all)
    func search(_ kind: Kind) async throws {
        try await withStore(kind) { store in
            func find(_ text: String, talk: Int? = nil) async throws -> Set<Int> {
                let search = CommentSearch(text: text, talkID: talk, limit: 100)
                let list = try await store.search(search, on: InProcessLoop(), for: .unixSocket)
                return Set(try [CommentMatch].schema.decode(list.json).map(\.comment.id))
            }
            #expect(try await find("swift") == [])
            for (talk, text) in [(1, "Swift is fast"), (1, "Python is kind"), (2, "Is SWIFT kind?")] {
                _ = try await store.insert(new(text, talk: talk))
            }
            #expect(try await find("swift") == [1, 3])
            #expect(try await find("swift kind") == [3])
            #expect(try await find("swift", talk: 1) == [1])
            #expect(try await find("pyth*") == [2])
            #expect(try await find("pyth") == [])
            _ = try await store.update(2, CommentUpdate(text: "Swift too"))
            _ = try await store.delete(1)
            #expect(try await find("swift") == [2, 3])
            #expect(try await find("python") == [])
            _ = try await store.insert(new("a newer swift"))
            #expect(try await find("swift") == [2, 3, 4])
            for odd in ["\"", "'", "a AND", "NEAR(", "*", "-", "\0", "swift\" OR \"x", "(", "^a", "x:y"] {
                _ = try await find(odd)
            }
        }
    }

    @Test("says in its own words that it cannot go on")
    func faults() async throws {
        let database = try Database.testing()
        let store = SQLiteCommentStore(database)
        database.close()
        #expect(throws: StoreError.self) { try store.comment(1) }
        await #expect(throws: StoreError.self) { try await store.insert(new("a")) }
    }
}
