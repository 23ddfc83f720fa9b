import CraneSQLite
import Testing

@testable import LiveTalk

@Suite("A search finds words")
struct SearchScriptTests {
    private let store: SQLiteCommentStore

    init() throws {
        store = SQLiteCommentStore(try Database.testing())
    }

    private func snippets(_ text: String) async throws -> [String] {
        try await store.prepareSearch()
        return try store.matches(CommentSearch(text: text)).map(\.snippet)
    }

    /// A text, what is looked for, and what is marked of it; `nil` where it is not to be found.
    static let cases: [(String, String, String?)] = [
        ("我们讨论部署问题很多次", "部署", "我们讨论<mark>部署</mark>问题很多次"),
        ("我们讨论部署问题很多次", "部署问题", "我们讨论<mark>部署问题</mark>很多次"),
        ("我们讨论部署问题很多次", "次", "我们讨论部署问题很多<mark>次</mark>"),
        ("我们讨论部署问题很多次", "讨", "我们<mark>讨</mark>论部署问题很多次"),
        ("我们讨论部署问题很多次", "我们*", "<mark>我们</mark>讨论部署问题很多次"),
        ("我们讨论部署问题很多次", "部问", nil),
        ("東京タワーへ行きました", "タワー", "東京<mark>タワー</mark>へ行きました"),
        ("東京ﾀﾜｰへ", "タワー", "東京<mark>ﾀﾜｰ</mark>へ"),
        ("ガラス", "ｶﾞﾗｽ", "<mark>ガラス</mark>"),
        ("Swift入門 第１章", "swift入門", "<mark>Swift入門</mark> 第１章"),
        ("Swift入門 第１章", "1章", "Swift入門 第<mark>１章</mark>"),
        ("ภาษาไทยง่าย", "ไทย", "ภาษา<mark>ไทย</mark>ง่าย"),
        ("ສະບາຍດີຫຼວງພະບາງ", "ຫຼວງ", "ສະບາຍດີ<mark>ຫຼວງ</mark>ພະບາງ"),
        ("한국어", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}", "<mark>한국어</mark>"),
        (
            "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}", "한국어",
            "<mark>\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}</mark>"
        ),
        ("がくせい", "か\u{3099}くせい", "<mark>がくせい</mark>"),
        ("か\u{3099}くせい", "がくせい", "<mark>か\u{3099}くせい</mark>"),
        ("مُحَمَّد", "محمد", "<mark>مُحَمَّد</mark>"), ("محمد", "مُحَمَّد", "<mark>محمد</mark>"),
        ("مـــرحبا", "مرحبا", "<mark>مـــرحبا</mark>"), ("أحمد", "احمد", "<mark>أحمد</mark>"),
        ("ﻣﺮﺣﺒﺎ", "مرحبا", "<mark>ﻣﺮﺣﺒﺎ</mark>"), ("١٢٣", "١٢٣", "<mark>١٢٣</mark>"),
        ("שָׁלוֹם", "שלום", "<mark>שָׁלוֹם</mark>"),
        ("οδυσσευς", "οδυσσεύς", "<mark>οδυσσευς</mark>"), ("ΟΔΥΣΣΕΥΣ", "οδυσσευς", "<mark>ΟΔΥΣΣΕΥΣ</mark>"),
        ("ＦＵＬＬ １２３", "full", "<mark>ＦＵＬＬ</mark> １２３"), ("ＦＵＬＬ １２３", "123", "ＦＵＬＬ <mark>１２３</mark>"),
        ("ﬁne", "fine", "<mark>ﬁne</mark>"), ("fine", "ﬁne", "<mark>fine</mark>"),
        ("Straße", "STRASSE", "<mark>Straße</mark>"), ("x² + y²", "x2", "<mark>x²</mark> + y²"),
        ("soft\u{ad}hyphen", "softhyphen", "<mark>soft\u{ad}hyphen</mark>"),
        ("zero\u{200b}width", "zerowidth", "<mark>zero\u{200b}width</mark>"),
        ("می\u{200c}خواهم", "میخواهم", "<mark>می\u{200c}خواهم</mark>"),
        ("Việt Nam", "viet", "<mark>Việt</mark> Nam"), ("naïve", "nai\u{308}ve", "<mark>naïve</mark>"),
        ("Ёлка", "елка", "<mark>Ёлка</mark>"), ("हिन्दी में", "हिन्दी", "<mark>हिन्दी</mark> में"), ("हिन्दी", "हन्द", nil),
        ("party 🎉", "🎉", "party <mark>🎉</mark>"), ("👍🏽 yes", "👍", "<mark>👍</mark>🏽 yes"),
        ("👍 yes", "👍🏽", "<mark>👍</mark> yes"), ("❤\u{fe0f}", "❤", "<mark>❤</mark>\u{fe0f}"), ("🎉", "🎈", nil),
        ("don't stop", "don't", "<mark>don&#39;t</mark> stop"),
        ("state-of-the-art", "of-the", "state-<mark>of-the</mark>-art"),
        ("a\u{3}b needle", "needle", "a\u{3}b <mark>needle</mark>"),
        ("alpha\0beta gamma", "gamma", "alpha\0beta <mark>gamma</mark>"),
        ("\0<b> needle</b>", "needle", "\0&lt;b&gt; <mark>needle</mark>&lt;/b&gt;"),
    ]

    @Test("of every script, however they are written, and marks them", arguments: cases)
    func scripts(text: String, query: String, snippet: String?) async throws {
        _ = try await store.insert(CommentCreate(talkID: 1, userIP: "", text: text))
        let found = try await snippets(query).first
        #expect(
            found.map { Array($0.unicodeScalars) } == snippet.map { Array($0.unicodeScalars) },
            "\(found ?? "-")")
    }

    @Test("that have been changed by their new text alone")
    func changes() async throws {
        let id = try await store.insert(CommentCreate(talkID: 1, userIP: "", text: "first words")).id
        #expect(try await snippets("first").count == 1)
        _ = try await store.update(id, CommentUpdate(text: "second thoughts"))
        // Before anybody has indexed the change.
        #expect(try store.matches(CommentSearch(text: "first")).isEmpty)
        #expect(try await snippets("second") == ["<mark>second</mark> thoughts"])
        _ = try await store.delete(id)
        #expect(try await snippets("second").isEmpty)
    }

    @Test("after any changes, and the index holds no more than they left", arguments: ["plain", "büro 部署"])
    func manyChanges(word: String) async throws {
        for number in 1...40 {
            _ = try await store.insert(CommentCreate(talkID: 1, userIP: "", text: "\(word) \(number)"))
            if number % 3 == 0 { _ = try await store.update(number / 3, CommentUpdate(text: "\(word) anew")) }
            if number % 4 == 0 { _ = try await store.update(number, CommentUpdate(text: "ändern \(number)")) }
            if number % 5 == 0 { _ = try await store.delete(number / 5) }
            if number % 7 == 0 { try await store.prepareSearch() }
        }
        for id in 1...40 { _ = try await store.delete(id) }
        try await store.prepareSearch()
        for leftover in ["words", "stale"] {
            let count = try await store.database.write { connection in
                let row = try connection.prepare("SELECT count(*) AS total FROM comment_search_\(leftover)")
                return try row.step() ? row.int("total") : -1
            }
            #expect(count == 0)
        }
        // Nothing is left of any word: fts5vocab shows what the index holds.
        let terms = try await store.database.write { connection in
            try connection.execute(
                "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, comment_search, row)")
            let row = try connection.prepare("SELECT count(*) AS total FROM temp.vocabulary")
            return try row.step() ? row.int("total") : -1
        }
        #expect(terms == 0)
    }

    @Test("of long texts in batches of some bytes, so that no post waits long")
    func batches() async throws {
        let long = String(repeating: "word ", count: SearchIndex.textBytes / 5 - 1) + "last " + "beyond"
        for _ in 0..<3 { _ = try await store.insert(CommentCreate(talkID: 1, userIP: "", text: long)) }
        var batches = 0
        while try await store.database.write({ try SearchIndex.extend($0) }) { batches += 1 }
        #expect(batches == 3)
        #expect(try await snippets("last").count == 3)
        #expect(try await snippets("beyond").isEmpty)
    }

    @Test("in what is indexed when the time is over, and in the rest later")
    func deadline() async throws {
        for _ in 0..<3 {
            let long = "word " + String(repeating: "x ", count: SearchIndex.batchBytes / 2)
            _ = try await store.insert(CommentCreate(talkID: 1, userIP: "", text: long))
        }
        let hurried = SQLiteCommentStore(store.database, longReadLimit: .zero)
        try await hurried.prepareSearch()
        #expect(try store.matches(CommentSearch(text: "word")).count == 1)
        #expect(try await snippets("word").count == 3)
    }
}
