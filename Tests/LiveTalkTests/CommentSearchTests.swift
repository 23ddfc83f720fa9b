import CraneSQLite
import CraneSchema
import CraneService
import HTTPTypes
import Testing

@testable import LiveTalk

@Suite("A search for comments")
struct CommentSearchTests {
    private let database: Database
    private let store: SQLiteCommentStore

    init() throws {
        database = try Database.testing()
        store = SQLiteCommentStore(database)
    }

    private func post(_ text: String, talk: Int = 1) async throws -> Int {
        try await store.insert(CommentCreate(talkID: talk, userIP: "", text: text)).id
    }

    private func find(_ text: String, talk: Int? = nil) async throws -> [CommentMatch] {
        try await store.prepareSearch()
        return try store.matches(CommentSearch(text: text, talkID: talk))
    }

    private func ids(_ text: String, talk: Int? = nil) async throws -> [Int] {
        try await find(text, talk: talk).map(\.comment.id)
    }

    /// Many comments at once, which are found.
    private func fill(_ count: Int, talk: Int, _ text: String) async throws {
        try await database.write { connection in
            let insert = try connection.prepare(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
                INSERT INTO comment (talk_id, user_ip, comment_text, created_at, updated_at)
                SELECT :talk_id, '', :comment_text, 0, 0 FROM n
                """)
            try insert.bind("count", count)
            try insert.bind("talk_id", talk)
            try insert.bind("comment_text", text)
            try insert.run()
        }
        while try await database.write({ connection in try SearchIndex.extend(connection) }) {}
    }

    @Test("takes any text, whatever follows a quote, a star or nothing")
    func anyText() async throws {
        let id = try await post("swift words")
        let marks = [
            "\u{301}", "\u{FE0F}", "\u{200D}", "\u{1F3FB}", "\u{20E3}", "\0", "\r\n", "\"", "*", "'", "x",
        ]
        for first in ["\"", "*", "\"\"", "a\"", "^", "-", "(", "{", ":", "+", "", "NEAR", "\""] + marks {
            for mark in marks {
                for text in [first + mark, "swift " + first + mark + "*", first + " " + mark + " OR swift"] {
                    _ = try await find(text)
                }
            }
        }
        #expect(try await ids("\"\u{301} swift") == [id])
        #expect(SearchQuery("\"\u{301} * \0").phrases.isEmpty)
    }

    @Test("reads each word once, eight at most, and beginnings of two letters at least")
    func words() async throws {
        func expression(_ text: String) -> String { SearchQuery(text).expression }
        #expect(expression(String(repeating: "c* ", count: 66)) == "\"c\"")
        #expect(expression("sw* c++* a.b* Straße") == "\"sw\"* \"c\" \"a b\" \"strasse\"")
        #expect(expression("日* 日本* 日本語 1* 12*") == "\"日\"* \"日本\"* \"日本 本語\" \"1\" \"12\"*")
        #expect(expression("cafe\u{301}*") == "\"cafe\"*")
        #expect(expression("1 2 3 4 1 5 6 7 8 9 10") == #""1" "2" "3" "4" "5" "6" "7" "8""#)
        let id = try await post("c swift")
        _ = try await post("cat swift")
        #expect(try await ids("c* swi*") == [id])
    }

    @Test("in a talk finds what is older than ten thousand matches in others, and the newest of its own")
    func talks() async throws {
        let old = try await post("common", talk: 1)
        try await fill(CommentSearch.rankedMatches + 1, talk: 2, "common")
        #expect(try await ids("common", talk: 1) == [old])
        #expect(try await !ids("common").contains(old))
        try await fill(CommentSearch.rankedMatches + 1, talk: 1, "common")
        #expect(try await !ids("common", talk: 1).contains(old))
        #expect(try await ids("common", talk: 3) == [])
    }

    @Test("gives the pages of one order, and each comment once")
    func pages() async throws {
        try await fill(50, talk: 1, "same words")
        _ = try await post("same")
        var seen: [Int] = []
        for offset in stride(from: 0, to: 60, by: 7) {
            let search = CommentSearch(text: "same", offset: offset, limit: 7)
            try await store.prepareSearch()
            seen += try store.matches(search).map(\.comment.id)
        }
        // The shortest is the best; all others are alike.
        #expect(seen == [51] + Array(1...50))
    }

    @Test("shows of a long text the part around its first match, safe in HTML")
    func longTexts() async throws {
        let filler = String(repeating: "filler ", count: 400)
        _ = try await post(filler + "before <b> needle & after " + filler)
        let snippet = try #require(try await find("needle").first?.snippet)
        #expect(snippet.hasPrefix("…") && snippet.hasSuffix("filler…"))
        #expect(snippet.contains("before &lt;b&gt; <mark>needle</mark> &amp; after filler"))
        #expect(snippet.count < 300)
        _ = try await post("edge " + filler)
        #expect(try await find("edge").first?.snippet.hasPrefix("<mark>edge</mark> filler filler") == true)
        _ = try await post(filler + "last")
        #expect(try await find("last").first?.snippet.hasSuffix(" filler <mark>last</mark>") == true)
        _ = try await post(String(repeating: "y", count: 5000))
        let long = try #require(try await find("yy*").first?.snippet)
        #expect(long == "<mark>" + String(repeating: "y", count: 160) + "</mark>…")
        _ = try await post("short \0" + String(repeating: "z ", count: 80_000))
        #expect(try await find("z").first?.snippet.hasPrefix("short") == true)
    }

    /// Many searches on one thread, as a loop has them.
    private actor Loop {
        func prepare(_ store: SQLiteCommentStore) async throws { try await store.prepareSearch() }
    }

    @Test("that waits for the batch of another holds up nobody", .timeLimit(.minutes(2)))
    func sharedBatches() async throws {
        // Those that go on asking hold the thread as long as they may.
        let patient = SQLiteCommentStore(database, longReadLimit: .seconds(3600))
        let text = String(repeating: "x", count: SearchIndex.batchBytes - 100)
        for number in 0..<20 { _ = try await post("round\(number) \(text)") }
        let loop = Loop()
        try await withThrowingTaskGroup { group in
            for _ in 0..<16 { group.addTask { try await loop.prepare(patient) } }
            try await group.waitForAll()
        }
        #expect(try store.ranked(CommentSearch(text: "round19")) == [20])
    }

    @Test("answers long texts in parts, whole and in their order, but for what is deleted meanwhile")
    func longAnswers() async throws {
        let text = "word " + String(repeating: "x", count: CommentQuery.heldBytes / 2)
        for _ in 0..<5 { _ = try await post(text) }
        try await SQLiteCommentStore(database, longReadLimit: .seconds(3600)).prepareSearch()
        let all = try store.ranked(CommentSearch(text: "word"))
        #expect(all == [1, 2, 3, 4, 5])
        let client = try Client(store: store)
        let answer = try await client.send("GET", "/search/comments?q=word")
        #expect(answer.headers[.contentLength] == nil)
        #expect(answer.body.utf8.count > 5 * text.utf8.count)
        let matches = try [CommentMatch].schema.decode(Array(answer.body.utf8))
        #expect(matches.map(\.comment.id) == all)
        let list = try MatchList(
            of: all[...], SearchQuery("word"), unless: Cancellation(), find: store.comment)
        #expect(list.rest == all[2...])
        for id in list.rest.dropLast() { _ = try await store.delete(id) }
        let rest = try MatchList(
            of: list.rest, list.query, unless: Cancellation(), find: store.comment)
        #expect(rest.rest.isEmpty)
        #expect(try [CommentMatch].schema.decode(rest.json).map(\.comment.id) == all.suffix(1))
        let cancellation = Cancellation()
        cancellation.happen()
        #expect(throws: CancellationError.self) {
            try MatchList(of: all[...], list.query, unless: cancellation, find: store.comment)
        }
    }

    @Test("that takes too long is given up, and the next one goes on")
    func deadline() async throws {
        try await fill(1000, talk: 1, "common")
        let hurried = SQLiteCommentStore(database, longReadLimit: .zero)
        for talk in [nil, 1] {
            #expect(throws: StoreError.tooLong) {
                try hurried.matches(CommentSearch(text: "common", talkID: talk))
            }
        }
        #expect(try hurried.comment(1)?.id == 1)
        #expect(try await find("common").count == 20)
        let client = try Client(store: hurried)
        let answer = try await client.send("GET", "/search/comments?q=common")
        #expect(answer.status == 503)
        #expect(answer.headers[.retryAfter] == "5")
        #expect(answer.body == #"{"detail":"It took too long: rarer words or fewer comments take less"}"#)
    }

    @Test("finds what is indexed when the disk is full, and the rest when there is room")
    func fullDisk() async throws {
        let old = try await post("old word")
        try await store.prepareSearch()
        try await database.write { connection in
            let insert = try connection.prepare(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
                INSERT INTO comment (talk_id, user_ip, comment_text, created_at, updated_at)
                SELECT 2, '', 'new word' || hex(randomblob(30)), 0, 0 FROM n
                """)
            try insert.run()
        }
        func setPages(_ count: Int) async throws {
            try await database.write { connection in
                try connection.execute("PRAGMA max_page_count = \(count)")
            }
        }
        try await setPages(1)
        #expect(try await ids("old") == [old])
        #expect(try await ids("new") == [])
        await #expect(throws: StoreError.self) { try await post(String(repeating: "x", count: 100_000)) }
        try await setPages(100_000)
        #expect(try await ids("new").count == 20)
        #expect(try await ids("old") == [old])
    }
}
