import Testing

@testable import CraneSQLite

@Suite("Statements")
struct StatementTests {
    let connection: Connection

    init() throws {
        connection = try Connection(.memory, isReader: false)
        try connection.execute("CREATE TABLE value (id INTEGER PRIMARY KEY, it)")
    }

    /// Stores what `bind` binds and reads it back.
    func roundTrip<T>(_ bind: (Statement) throws -> Void, _ read: (Statement) throws -> T) throws -> T {
        let insert = try connection.prepare("INSERT INTO value (it) VALUES (:it)")
        try bind(insert)
        try insert.run()
        let select = try connection.prepare("SELECT it FROM value WHERE id = :id")
        try select.bind("id", connection.lastInsertRowID)
        #expect(try select.step())
        return try read(select)
    }

    @Test("integers come back as they were, to the last bit", arguments: [0, 1, -1, Int64.max, Int64.min])
    func integers(value: Int64) throws {
        #expect(
            try roundTrip {
                try $0.bind("it", value)
            } _: {
                try $0.value("it", as: Int64.self)
            } == value)
        #expect(
            try roundTrip {
                try $0.bind("it", Int(value))
            } _: {
                try $0.int("it")
            } == Int(value))
        #expect(
            try roundTrip {
                try $0.bind("it", value)
            } _: {
                try $0.value("it", as: Int64?.self)
            } == value)
    }

    @Test(
        "floating-point numbers come back as they were",
        arguments: [0, -0.5, 1e300, .infinity, .leastNonzeroMagnitude])
    func doubles(value: Double) throws {
        #expect(
            try roundTrip {
                try $0.bind("it", value)
            } _: {
                try $0.double("it")
            } == value)
        #expect(
            try roundTrip {
                try $0.bind("it", value)
            } _: {
                try $0.value("it", as: Double?.self)
            } == value)
    }

    @Test("NaN is stored as NULL")
    func notANumber() throws {
        #expect(
            try roundTrip {
                try $0.bind("it", Double.nan)
            } _: {
                try $0.value("it", as: Double?.self)
            } == nil)
    }

    @Test(
        "text comes back as it was",
        arguments: [
            "", "a", "fifteen bytes!!", "sixteen bytes!!!", "Grüße, 世界 🎉", "nul\u{0}inside",
            String(repeating: "long ", count: 50_000),
        ])
    func texts(value: String) throws {
        #expect(
            try roundTrip {
                try $0.bind("it", value)
            } _: {
                try $0.text("it")
            } == value)
        #expect(
            try roundTrip {
                try $0.bind("it", value)
            } _: {
                try $0.value("it", as: String?.self)
            } == value)
        let bytes = Array(value.utf8)
        #expect(
            try roundTrip {
                try $0.bind("it", utf8: bytes.span)
            } _: {
                try $0.text("it")
            } == value)
        let lent = try roundTrip {
            try $0.bind("it", value)
        } _: { statement in
            try statement.withUTF8("it") { span in span.indices.map { span[$0] } }
        }
        #expect(lent == bytes)
    }

    @Test(
        "blobs come back as they were",
        arguments: [[], [0], [0xFF, 0, 0xC0], [UInt8](repeating: 7, count: 99_999)])
    func blobs(value: [UInt8]) throws {
        #expect(
            try roundTrip {
                try $0.bind("it", value)
            } _: {
                try $0.blob("it")
            } == value)
        #expect(
            try roundTrip {
                try $0.bind("it", blob: value.span)
            } _: {
                try $0.isNull("it") ? nil : $0.blob("it")
            } == value)
        let lent = try roundTrip {
            try $0.bind("it", value)
        } _: { statement in
            try statement.withBlob("it") { span in span.indices.map { span[$0] } }
        }
        #expect(lent == value)
    }

    @Test("an absent value is NULL in every type")
    func nulls() throws {
        #expect(
            try roundTrip {
                try $0.bind("it", nil as Int?)
            } _: {
                try $0.value("it", as: Int?.self)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind("it", nil as Int64?)
            } _: {
                try $0.value("it", as: Int64?.self)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind("it", nil as Double?)
            } _: {
                try $0.value("it", as: Double?.self)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind("it", nil as String?)
            } _: {
                try $0.value("it", as: String?.self)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind("it", nil as [UInt8]?)
            } _: {
                try $0.isNull("it") ? nil : $0.blob("it")
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind("it", String?.none)
            } _: {
                try $0.text("it")
            } == "")
    }

    @Test("text that is not UTF-8 reads with replacement characters")
    func malformedText() throws {
        let bytes: [UInt8] = [0x61, 0xFF, 0x62]
        #expect(
            try roundTrip {
                try $0.bind("it", utf8: bytes.span)
            } _: {
                try $0.text("it")
            } == "a\u{FFFD}b")
    }

    @Test("a value bound again replaces the first, whatever their sizes")
    func rebinding() throws {
        for size in [3, 100_000, 5, 70_000, 0] {
            let text = String(repeating: "x", count: size)
            #expect(
                try roundTrip {
                    try $0.bind("it", "first")
                    try $0.bind("it", text)
                } _: {
                    try $0.text("it")
                } == text)
        }
    }

    @Test("a parameter or a column that is not there is an error")
    func missingNames() throws {
        let statement = try connection.prepare("SELECT :a AS b, ?2")
        expect(.misuse) { try statement.bind("b", 1) }
        expect(.misuse) { try statement.bind("", "text") }
        expect(.misuse) { try statement.bind("c", [UInt8]?.none) }
        try statement.bind("a", 1)
        #expect(try statement.step())
        #expect(try statement.int("b") == 1)
        expect(.misuse) { _ = try statement.int("a") }
        expect(.misuse) { _ = try statement.value("c", as: Int?.self) }
    }

    @Test("one parameter stands for its value wherever its name does")
    func repeatedParameter() throws {
        let statement = try connection.prepare("SELECT :a || :b || :a AS it")
        try statement.bind("a", "x")
        try statement.bind("b", "-")
        #expect(try statement.step())
        #expect(try statement.text("it") == "x-x")
    }

    @Test("a value that is none of its type is an error")
    func mismatches() throws {
        let statement = try connection.prepare("SELECT 300 AS number, 'no' AS choice")
        #expect(try statement.step())
        expect(.other) { _ = try statement.value("number", as: Int8.self) }
        expect(.other) { _ = try statement.value("choice", as: UniqueID.self) }
    }

    @Test("the same SQL gives the same statement, without the values of its last use")
    func cache() throws {
        let sql: StaticString = "SELECT :it AS it"
        let first = try connection.prepare(sql)
        try first.bind("it", "old")
        #expect(try first.step())
        let second = try connection.prepare(sql)
        #expect(first === second)
        #expect(try second.step())
        #expect(try second.isNull("it"))
        #expect(try connection.prepare(sql.description) === first)
        let made = SQL(sql.description)
        #expect(try connection.prepare(made) === first)
        #expect(try connection.prepare(made) === first)
    }

    @Test("a statement starts again after its last row")
    func restart() throws {
        let statement = try connection.prepare("SELECT 7 AS seven")
        #expect(try statement.step())
        #expect(try !statement.step())
        #expect(try statement.step())
        #expect(try statement.int("seven") == 7)
    }

    @Test("the cache has a bound, and drops what was not used for longest")
    func cacheBound() throws {
        let kept = try connection.prepare("SELECT 'kept'")
        for number in 0..<(StatementCache.limit * 2) {
            _ = try connection.prepare("SELECT \(number)" as String)
            #expect(try connection.prepare("SELECT 'kept'") === kept)
        }
        #expect(connection.cache.count == StatementCache.limit)
        connection.finishBody()
    }

    @Test("SQL that does not compile is an error with SQLite's words")
    func syntaxError() throws {
        #expect(throws: DatabaseError.self) { try connection.prepare("SELEC 1") }
        do {
            _ = try connection.prepare("SELECT * FROM nowhere")
        } catch {
            #expect(error.description == "no such table: nowhere (SQLite code 1)")
        }
        expect(.other) { _ = try connection.prepare("") }
    }

    @Test("a constraint that refuses says so with its extended code")
    func constraint() throws {
        try connection.execute("INSERT INTO value VALUES (1, 1)")
        do {
            try connection.prepare("INSERT INTO value VALUES (1, 2)").run()
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.kind == .constraint)
            #expect(error.code == 1555)
            #expect(error.message == "UNIQUE constraint failed: value.id")
        }
    }

    @Test("changes and row ids are those of the last statement")
    func changes() throws {
        try connection.execute("INSERT INTO value (it) VALUES (1), (2), (3)")
        #expect(connection.lastInsertRowID == 3)
        try connection.prepare("DELETE FROM value WHERE id > 1").run()
        #expect(connection.changes == 2)
    }
}
