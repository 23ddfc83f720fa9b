import Crane
import CranePostgres
import CraneSchema
import CraneTesting
import TestSupport
import Testing

@testable import LiveTalk

@Suite("Comments in PostgreSQL", .needsPostgres, .timeLimit(.minutes(5)))
struct PostgresStoreTests {
    private func new(_ text: String, talk: Int = 1) -> CommentCreate {
        CommentCreate(talkID: talk, userIP: "::1", text: text)
    }

    @Test("posts of two nodes at once have ids and changes in one order, each talk's without gaps")
    func order() async throws {
        try await withPostgres { database in
            let other = PostgresClient(database.configuration)
            defer { other.close() }
            let stores = [PostgresCommentStore(database), PostgresCommentStore(other)]
            let posted = try await withThrowingTaskGroup(of: LiveTalk.Comment.self) { group in
                for number in 0..<300 {
                    group.addTask { try await stores[number % 2].insert(new("\(number)", talk: number % 3)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(posted.map(\.id)) == Set(1...300))
            for comment in posted { #expect(try await stores[0].comment(comment.id) == comment) }
            let log = try await database.query(
                "SELECT talk_id, seq, comment_id FROM change ORDER BY position")
            #expect(try log.map { try $0.int("comment_id") } == Array(1...300))
            for talk in 0..<3 {
                let numbers = try log.filter { try $0.int("talk_id") == talk }.map { try $0.int("seq") }
                #expect(numbers == Array(1...100))
            }
        }
    }

    @Test("a key posts once, on whichever node it comes")
    func keys() async throws {
        try await withPostgres { database in
            let other = PostgresClient(database.configuration)
            defer { other.close() }
            let stores = [PostgresCommentStore(database), PostgresCommentStore(other)]
            let ids = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    group.addTask { try await stores[number % 2].insert(new("a"), key: "k").id }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids == [1])
            #expect(try await stores[1].comments(CommentQuery()).count == 1)
        }
    }

    @Test("an id that a failed post has drawn is given to no other; ids go on ascending")
    func gaps() async throws {
        try await withPostgres { database in
            let store = PostgresCommentStore(database)
            let first = try await store.insert(new("a"))
            await #expect(throws: PostgresError.self) {
                try await database.execute([
                    CommentPost.insertion(of: [try await CommentPost(new("b"), at: .now)]), "SELECT 1 / 0",
                ])
            }
            let next = try await store.insert(new("c"))
            #expect(next.id > first.id + 1)
            #expect(try await store.comments(CommentQuery()).map(\.text) == ["a", "c"])
        }
    }

    @Test("addresses are compared byte by byte, and may hold U+0000 as texts may")
    func bytes() async throws {
        try await withPostgres { database in
            let store = PostgresCommentStore(database)
            for address in ["A", "a", "\0", "ä", "a\u{308}"] {
                _ = try await store.insert(CommentCreate(talkID: 1, userIP: address, text: "x"))
            }
            for address in ["A", "a", "\0", "ä", "a\u{308}"] {
                let found = try await store.comments(CommentQuery(userIP: address))
                #expect(found.map { Array($0.userIP.utf8) } == [Array(address.utf8)])
            }
        }
    }

    @Test("a search finds of every script what SQLite's finds, and marks it")
    func scripts() async throws {
        try await withPostgres { database in
            let store = PostgresCommentStore(database)
            for (talk, example) in SearchScriptTests.cases.enumerated() {
                _ = try await store.insert(new(example.0, talk: talk))
                let search = CommentSearch(text: example.1, talkID: talk)
                let list = try await store.search(search, on: InProcessLoop(), for: .unixSocket)
                let snippet = try [CommentMatch].schema.decode(list.json).first?.snippet
                #expect(
                    snippet.map { Array($0.unicodeScalars) } == example.2.map { Array($0.unicodeScalars) },
                    "\(example)")
            }
        }
    }

    @Test("words of any length and number are found as far as the index goes")
    func longWords() async throws {
        try await withPostgres { database in
            let store = PostgresCommentStore(database)
            let long = String(repeating: "ä", count: 3000)
            let many = (1...20_000).map { "w\($0)" }.joined(separator: " ")
            for text in [long, many, "it's a \\ 'quote':1"] { _ = try await store.insert(new(text)) }
            func find(_ text: String) async throws -> [Int] {
                let search = CommentSearch(text: text, limit: 100)
                let list = try await store.search(search, on: InProcessLoop(), for: .unixSocket)
                return try [CommentMatch].schema.decode(list.json).map(\.comment.id)
            }
            #expect(try await find(String(repeating: "ä", count: 200)) == [])
            // The index goes as far as SQLite's: `SearchIndex.textBytes`.
            #expect(try await find("w10900") == [2])
            #expect(try await find("w16000") == [])
            #expect(try await find("w1 w9000") == [2])
            #expect(try await find("it's quote") == [3])
        }
    }

    @Test("of texts that are long only so many are read as a response holds, and the others later")
    func longTexts() async throws {
        try await withPostgres { database in
            let store = PostgresCommentStore(database)
            let long = "needle " + String(repeating: "x", count: CommentQuery.heldBytes / 3)
            for _ in 0..<8 { _ = try await store.insert(new(long)) }
            let search = CommentSearch(text: "needle", limit: 8)
            var list = try await store.search(search, on: InProcessLoop(), for: .unixSocket)
            var found = 0
            while true {
                found += try [CommentMatch].schema.decode(list.json).count
                if list.rest.isEmpty { break }
                #expect(found < 8)
                list = try await store.rest(of: list, on: InProcessLoop(), for: .unixSocket)
            }
            #expect(found == 8)
        }
    }

    @Test("says in its own words that it cannot go on, and nothing of the inside")
    func faults() async throws {
        try await withPostgres { database in
            let store = PostgresCommentStore(database)
            database.close()
            await #expect(throws: StoreError.self) { try await store.comment(1) }
            await #expect(throws: StoreError.self) { try await store.insert(new("a")) }
            await #expect(throws: StoreError.self) { try await store.update(1, CommentUpdate(text: "a")) }
        }
    }
}
