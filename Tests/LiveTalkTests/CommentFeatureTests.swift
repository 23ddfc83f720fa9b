import Crane
import CraneSQLite
import CraneSchema
import CraneService
import HTTPTypes
import Testing

@testable import LiveTalk

@Suite("Beyond the talk, comments")
struct CommentFeatureTests {
    private func post(_ client: Client, _ text: String, talk: Int = 1, headers: [String] = []) async throws
        -> Client.Answer
    {
        let body = #"{"talk_id":\#(talk),"user_ip":"::1","comment_text":"\#(text)"}"#
        return try await client.send("POST", "/comments/", headers: headers, json: body)
    }

    private func ids(_ answer: Client.Answer) -> [String] {
        answer.body.split(separator: "{\"id\":").dropFirst().map { String($0.prefix { $0 != "," }) }
    }

    @Test("are listed whole although their texts are long")
    func longTexts() async throws {
        let client = try Client()
        let text = String(repeating: "y", count: CommentQuery.shortBytes / 4)
        for _ in 1...9 { _ = try await post(client, text) }
        let answer = try await client.send("GET", "/comments/")
        #expect(answer.status == 200)
        #expect(ids(answer) == (1...9).map(String.init))
        #expect(answer.body.hasSuffix("}]"))
    }

    @Test("are listed whole in parts when there is more than a client may hold", arguments: [100, 7])
    func veryLongTexts(limit: Int) async throws {
        let client = try Client()
        let text = String(repeating: "é\\n", count: CommentQuery.heldBytes / 10)
        for number in 1...9 { _ = try await post(client, text, talk: number % 3) }
        let answer = try await client.send("GET", "/comments/?limit=\(limit)")
        #expect(ids(answer) == (1...9).prefix(limit).map(String.init))
        #expect(try [LiveTalk.Comment].schema.decode(Array(answer.body.utf8)).count == min(limit, 9))
        #expect((answer.headers[.link] != nil) == (limit == 7))
        let talk = try await client.send("GET", "/comments/?talk_id=1&limit=3&offset=1")
        #expect(ids(talk) == ["4", "7"])
        let one = try await client.send("GET", "/comments/9")
        #expect(one.status == 200 && one.headers[.eTag] != nil)
        #expect(try Comment.schema.decode(Array(one.body.utf8)).id == 9)
    }

    @Test("are listed page after page by following Link")
    func pages() async throws {
        let client = try Client()
        for number in 1...5 { _ = try await post(client, "\(number)", talk: number % 2) }
        var target = "/comments/?limit=2"
        var pages: [[String]] = []
        while true {
            let answer = try await client.send("GET", target)
            pages.append(ids(answer))
            guard let link = answer.headers[.link] else { break }
            #expect(link.hasSuffix(">; rel=\"next\""))
            target = String(link.dropFirst().prefix { $0 != ">" })
        }
        #expect(pages == [["1", "2"], ["3", "4"], ["5"]])
        let filtered = try await client.send("GET", "/comments/?talk_id=1&user_ip=::1&limit=1&offset=1")
        #expect(ids(filtered) == ["3"])
        #expect(
            filtered.headers[.link] == "</comments/?talk_id=1&user_ip=%3A%3A1&limit=1&after=3>; rel=\"next\"")
        #expect(try await client.send("GET", "/comments/?user_ip=::2").body == "[]")
        #expect(try await client.send("GET", "/comments/?after=x").status == 422)
    }

    @Test("far down the list are where walking would find them, whatever was deleted")
    func farPages() async throws {
        let database = try Database.testing()
        let store = SQLiteCommentStore(database)
        try database.transaction { connection in
            try connection.execute(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                INSERT INTO comment SELECT i, i % 7, '::1', 'x', 0, 0 FROM n;
                DELETE FROM comment WHERE id % 5 = 0 OR id BETWEEN 8100 AND 12400;
                INSERT INTO comment VALUES (8200, 1, '::1', 'x', 0, 0), (9000, 1, '::1', 'x', 0, 0);
                """)
        }
        let all = (1...20000).filter {
            $0 % 5 != 0 && !(8100...12400).contains($0) || $0 == 8200 || $0 == 9000
        }
        for offset in [
            0, 4095, 4096, 4097, 6479, 6480, 6481, 6482, 8000, 12000, all.count - 1, all.count, .max,
        ] {
            let page = try await store.comments(CommentQuery(offset: offset, limit: 3))
            #expect(page.map(\.id) == Array(all.dropFirst(offset).prefix(3)), "\(offset)")
        }
        let next = try await store.insert(CommentCreate(talkID: 1, userIP: "", text: "next"))
        #expect(try await store.comments(CommentQuery(offset: all.count)) == [next])
    }

    @Test("far down the list are found whatever ranges of ids are empty")
    func sparsePages() async throws {
        let database = try Database.testing()
        let store = SQLiteCommentStore(database)
        // Each has some blocks and ranges of blocks to itself.
        let starts = [-(1 << 40), -(1 << 20), 0, 1 << 24, 1 << 30, 1 << 36]
        var all = starts.flatMap { start in (0..<1500).map { start + 700 * $0 } }
        try database.transaction { connection in
            for id in all {
                try connection.execute("INSERT INTO comment VALUES (\(id), 1, '::1', 'x', 0, 0)")
            }
            try connection.execute("DELETE FROM comment WHERE id % 3 = 0 AND id > 0")
        }
        all.removeAll { $0 % 3 == 0 && $0 > 0 }
        for offset in Array(stride(from: 4097, to: all.count, by: 41)) + [all.count - 1, all.count] {
            let page = try await store.comments(CommentQuery(offset: offset, limit: 2))
            #expect(page.map(\.id) == Array(all.dropFirst(offset).prefix(2)), "\(offset)")
        }
    }

    @Test("are found by their words, the part around them marked and safe in HTML")
    func search() async throws {
        let client = try Client()
        for text in ["<b>Swift</b> & friends", "nothing", "swift swift swift"] {
            _ = try await post(client, text)
        }
        let answer = try await client.send("GET", "/search/comments?q=swift")
        #expect(answer.status == 200)
        #expect(Set(ids(answer)) == ["1", "3"])
        #expect(answer.body.contains(#""snippet":"&lt;b&gt;<mark>Swift</mark>&lt;/b&gt; &amp; friends""#))
        #expect(ids(try await client.send("GET", "/search/comments?q=swift&limit=1&offset=1")).count == 1)
        #expect(try await client.send("GET", "/search/comments?q=swift&talk_id=2").body == "[]")
        for target in [
            "", "?q=", "?q=a&limit=101", "?q=a&offset=10001", "?q=\(String(repeating: "a", count: 201))",
        ] {
            #expect(try await client.send("GET", "/search/comments\(target)").status == 422, "\(target)")
        }
        let missing = try await client.send("GET", "/search/comments")
        #expect(
            missing.body
                == #"{"detail":[{"type":"missing","loc":["query","q"],"msg":"Field required","input":null}]}"#
        )
    }

    @Test("are found in batches that the posts index as they go")
    func batches() async throws {
        let store = SQLiteCommentStore(try Database.testing())
        let count = SearchIndex.batch * 2 + 10
        for number in 1...count {
            _ = try await store.insert(CommentCreate(talkID: 1, userIP: "", text: "word\(number)"))
        }
        // Without waiting for the index: what the posts have done.
        #expect(try store.matches(CommentSearch(text: "word1024")).count == 1)
        #expect(try store.matches(CommentSearch(text: "word\(count)")).count == 0)
        try await store.prepareSearch()
        #expect(try store.matches(CommentSearch(text: "word\(count)")).count == 1)
    }

    @Test("are not sent again to who has them")
    func notModified() async throws {
        let client = try Client()
        _ = try await post(client, "a")
        let first = try await client.send("GET", "/comments/1")
        let tag = try #require(first.headers[.eTag])
        for list in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let again = try await client.send("GET", "/comments/1", headers: ["If-None-Match: \(list)"])
            #expect(again.status == 304 && again.body == "" && again.headers[.eTag] == tag, "\(list)")
        }
        let update = #"{"comment_text":"b"}"#
        let changed = try await client.send("PUT", "/comments/1", json: update)
        #expect(changed.headers[.eTag] != tag)
        let fresh = try await client.send("GET", "/comments/1", headers: ["If-None-Match: \(tag)"])
        #expect(fresh.status == 200 && fresh.headers[.eTag] == changed.headers[.eTag])
    }

    @Test("are not changed by who has not seen the last change")
    func preconditions() async throws {
        let client = try Client()
        _ = try await post(client, "a")
        let tag = try #require(try await client.send("GET", "/comments/1").headers[.eTag])
        let update = #"{"comment_text":"b"}"#
        for list in ["\"x\"", "W/\(tag)"] {
            let answer = try await client.send(
                "PUT", "/comments/1", headers: ["If-Match: \(list)"], json: update)
            #expect(answer.status == 412)
            #expect(answer.body == #"{"detail":"The comment has changed"}"#)
        }
        let changed = try await client.send("PUT", "/comments/1", headers: ["If-Match: \(tag)"], json: update)
        #expect(changed.status == 200)
        #expect(try await client.send("DELETE", "/comments/1", headers: ["If-Match: \(tag)"]).status == 412)
        #expect(try await client.send("DELETE", "/comments/1", headers: ["If-Match: *"]).status == 200)
        #expect(try await client.send("DELETE", "/comments/1", headers: ["If-Match: *"]).status == 404)
    }

    @Test("meet every condition of RFC 9110, whichever method asks")
    func everyCondition() async throws {
        let client = try Client()
        _ = try await post(client, "a")
        let tag = try #require(try await client.send("GET", "/comments/1").headers[.eTag])
        let update = #"{"comment_text":"a"}"#
        func status(_ method: String, _ headers: String...) async throws -> Int {
            try await client.send(
                method, "/comments/1", headers: headers, json: method == "PUT" ? update : ""
            ).status
        }
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            #expect(try await status(method, "If-Match: \"x\"") == 412)
            #expect(try await status(method, "If-Match: W/\(tag)") == 412)
            // If-Match is looked at first.
            #expect(try await status(method, "If-Match: \"x\"", "If-None-Match: \(tag)") == 412)
        }
        for method in ["PUT", "DELETE"] {
            for list in ["*", tag, "W/\(tag)", "\"x\", \(tag)"] {
                #expect(try await status(method, "If-None-Match: \(list)") == 412, "\(list)")
            }
            #expect(try await status(method, "If-None-Match: \"x\"", "If-None-Match: \(tag)") == 412)
            #expect(try await status(method, "If-Match: \(tag)", "If-None-Match: *") == 412)
        }
        for method in ["GET", "HEAD"] {
            #expect(try await status(method, "If-Match: *") == 200)
            #expect(try await status(method, "If-Match: \"x, y\",\(tag)") == 200)
            #expect(try await status(method, "If-Match: \(tag)", "If-None-Match: \(tag)") == 304)
        }
        #expect(try await status("PUT", "If-Match: \(tag)", "If-None-Match: \"x\"") == 200)
        #expect(try await status("DELETE", "If-None-Match: \"x\"") == 200)
        #expect(try await status("DELETE", "If-None-Match: *") == 404)
    }

    @Test("are linked to under the path that the client sees them at")
    func prefixedPages() async throws {
        var settings = Settings()
        settings.rootPath = "/talks"
        let client = try Client(settings)
        for _ in 1...2 { _ = try await post(client, "a") }
        for target in ["/comments/?limit=1", "/talks/comments/?limit=1"] {
            let link = try await client.send("GET", target).headers[.link]
            #expect(link == "</talks/comments/?limit=1&after=1>; rel=\"next\"")
        }
    }

    @Test("are posted once for an Idempotency-Key, whose response is repeated byte by byte")
    func keys() async throws {
        let client = try Client()
        let key = ["Idempotency-Key: 8e03978e-40d5-43e8-bc93-6894a57f9324"]
        let first = try await post(client, "a", headers: key)
        let again = try await post(client, "a", headers: key)
        #expect(first.status == 200 && again.status == 200)
        #expect(again.body == first.body && again.headers == first.headers)
        let other = try await post(client, "b", headers: key)
        #expect(other.status == 422)
        #expect(other.body == #"{"detail":"Idempotency-Key was used for another request"}"#)
        #expect(ids(try await client.send("GET", "/comments/")) == ["1"])
        let long = try await post(
            client, "a", headers: ["Idempotency-Key: \(String(repeating: "k", count: 256))"])
        #expect(long.status == 422)
        #expect(long.body.contains(#""loc":["header","idempotency-key"]"#))
    }

    @Test("are posted anew when the key is older than a day")
    func oldKeys() async throws {
        let database = try Database.testing()
        let comment = CommentCreate(talkID: 1, userIP: "", text: "a")
        func store(at day: Double) -> SQLiteCommentStore {
            SQLiteCommentStore(database) { .init(microseconds: Int(day * 86_400_000_000)) }
        }
        #expect(try await store(at: 1).insert(comment, key: "k").id == 1)
        #expect(try await store(at: 1.9).insert(comment, key: "k").id == 1)
        #expect(try await store(at: 2).insert(comment, key: "k").id == 2)
        #expect(try await store(at: 2.5).insert(comment, key: "k").id == 2)
        // Old keys go as new ones come.
        #expect(try await store(at: 9).insert(comment, key: "l").id == 3)
        let keys = try database.read { connection in
            let rows = try connection.prepare("SELECT count(*) AS total FROM comment_key")
            _ = try rows.step()
            return try rows.int("total")
        }
        #expect(keys == 1)
    }

    @Test("keep of a keyed post a digest, and know the keys again that were kept with their text")
    func keyDigests() async throws {
        let database = try Database(.init(.memory))
        try database.migrate(Array(Migration.all.prefix { $0.number < 7 }))
        let old = CommentCreate(talkID: 7, userIP: "::\u{E9}", text: "a\0b:\u{E9}")
        let now = Timestamp.now
        try database.transaction { connection in
            let insert = try connection.prepare(
                "INSERT INTO comment_key VALUES ('old', 3, 7, :user_ip, :text, :now)")
            try insert.bind("user_ip", old.userIP)
            try insert.bind("text", old.text)
            try insert.bind("now", now)
            try insert.run()
        }
        try database.migrate(Migration.all)
        let store = SQLiteCommentStore(database) { now }
        let again = try await store.insert(old, key: "old")
        #expect(again.id == 3 && again.text == old.text && again.createdAt == now)
        await #expect(throws: CommentConflict.keyReused) {
            try await store.insert(
                CommentCreate(talkID: 7, userIP: "::", text: "\u{E9}a\0b:\u{E9}"), key: "old")
        }
        let long = CommentCreate(talkID: 1, userIP: "", text: String(repeating: "x", count: 100_000))
        _ = try await store.insert(long, key: "new")
        let bytes = try database.read { connection in
            let rows = try connection.prepare(
                "SELECT length(digest) AS total FROM comment_key WHERE key = 'new'")
            _ = try rows.step()
            return try rows.int("total")
        }
        #expect(bytes == 32)
    }
}
