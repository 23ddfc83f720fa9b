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
    func roundTrip<T>(_ bind: (Statement) throws -> Void, _ read: (Statement) -> T) throws -> T {
        let insert = try connection.prepare("INSERT INTO value (it) VALUES (?1)")
        try bind(insert)
        try insert.run()
        let select = try connection.prepare("SELECT it FROM value WHERE id = ?1")
        try select.bind(connection.lastInsertRowID, at: 1)
        #expect(try select.step())
        return read(select)
    }

    @Test("Integers come back as they were, to the last bit", arguments: [0, 1, -1, Int64.max, Int64.min])
    func integers(value: Int64) throws {
        #expect(
            try roundTrip {
                try $0.bind(value, at: 1)
            } _: {
                $0.int64(at: 0)
            } == value)
        #expect(
            try roundTrip {
                try $0.bind(Int(value), at: 1)
            } _: {
                $0.int(at: 0)
            } == Int(value))
        #expect(
            try roundTrip {
                try $0.bind(value, at: 1)
            } _: {
                $0.int64IfPresent(at: 0)
            } == value)
    }

    @Test(
        "Floating-point numbers come back as they were",
        arguments: [0, -0.5, 1e300, .infinity, .leastNonzeroMagnitude])
    func doubles(value: Double) throws {
        #expect(
            try roundTrip {
                try $0.bind(value, at: 1)
            } _: {
                $0.double(at: 0)
            } == value)
        #expect(
            try roundTrip {
                try $0.bind(value, at: 1)
            } _: {
                $0.doubleIfPresent(at: 0)
            } == value)
    }

    @Test("NaN is stored as NULL")
    func notANumber() throws {
        #expect(
            try roundTrip {
                try $0.bind(Double.nan, at: 1)
            } _: {
                $0.doubleIfPresent(at: 0)
            } == nil)
    }

    @Test(
        "Text comes back as it was",
        arguments: [
            "", "a", "fifteen bytes!!", "sixteen bytes!!!", "Grüße, 世界 🎉", "nul\u{0}inside",
            String(repeating: "long ", count: 50_000),
        ])
    func texts(value: String) throws {
        #expect(
            try roundTrip {
                try $0.bind(value, at: 1)
            } _: {
                $0.text(at: 0)
            } == value)
        #expect(
            try roundTrip {
                try $0.bind(value, at: 1)
            } _: {
                $0.textIfPresent(at: 0)
            } == value)
        let bytes = Array(value.utf8)
        #expect(
            try roundTrip {
                try $0.bind(utf8: bytes.span, at: 1)
            } _: {
                $0.text(at: 0)
            } == value)
        let lent = try roundTrip {
            try $0.bind(value, at: 1)
        } _: { statement in
            statement.withUTF8(at: 0) { span in span.indices.map { span[$0] } }
        }
        #expect(lent == bytes)
    }

    @Test(
        "Blobs come back as they were",
        arguments: [[], [0], [0xFF, 0, 0xC0], [UInt8](repeating: 7, count: 99_999)])
    func blobs(value: [UInt8]) throws {
        #expect(
            try roundTrip {
                try $0.bind(value, at: 1)
            } _: {
                $0.blob(at: 0)
            } == value)
        #expect(
            try roundTrip {
                try $0.bind(blob: value.span, at: 1)
            } _: {
                $0.blobIfPresent(at: 0)
            } == value)
        let lent = try roundTrip {
            try $0.bind(value, at: 1)
        } _: { statement in
            statement.withBlob(at: 0) { span in span.indices.map { span[$0] } }
        }
        #expect(lent == value)
    }

    @Test("An absent value is NULL in every type")
    func nulls() throws {
        #expect(
            try roundTrip {
                try $0.bind(nil as Int?, at: 1)
            } _: {
                $0.intIfPresent(at: 0)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind(nil as Int64?, at: 1)
            } _: {
                $0.int64IfPresent(at: 0)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind(nil as Double?, at: 1)
            } _: {
                $0.doubleIfPresent(at: 0)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind(nil as String?, at: 1)
            } _: {
                $0.textIfPresent(at: 0)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bind(nil as [UInt8]?, at: 1)
            } _: {
                $0.blobIfPresent(at: 0)
            } == nil)
        #expect(
            try roundTrip {
                try $0.bindNull(at: 1)
            } _: {
                $0.text(at: 0)
            } == "")
    }

    @Test("Text that is not UTF-8 reads with replacement characters")
    func malformedText() throws {
        let bytes: [UInt8] = [0x61, 0xFF, 0x62]
        #expect(
            try roundTrip {
                try $0.bind(utf8: bytes.span, at: 1)
            } _: {
                $0.text(at: 0)
            } == "a\u{FFFD}b")
    }

    @Test("A value bound again replaces the first, whatever their sizes")
    func rebinding() throws {
        for size in [3, 100_000, 5, 70_000, 0] {
            let text = String(repeating: "x", count: size)
            #expect(
                try roundTrip {
                    try $0.bind("first", at: 1)
                    try $0.bind(text, at: 1)
                } _: {
                    $0.text(at: 0)
                } == text)
        }
    }

    @Test("A parameter that is not there is an error", arguments: [0, 2, -1])
    func parameterOutOfRange(parameter: Int32) throws {
        let statement = try connection.prepare("SELECT ?1")
        expect(.other) { try statement.bind(1, at: parameter) }
        expect(.other) { try statement.bind("text", at: parameter) }
    }

    @Test("The same SQL gives the same statement, without the values of its last use")
    func cache() throws {
        let sql: StaticString = "SELECT ?1"
        let first = try connection.prepare(sql)
        try first.bind("old", at: 1)
        #expect(try first.step())
        let second = try connection.prepare(sql)
        #expect(first === second)
        #expect(try second.step())
        #expect(second.isNull(at: 0))
        #expect(try connection.prepare(sql.description) === first)
    }

    @Test("A statement starts again after its last row")
    func restart() throws {
        let statement = try connection.prepare("SELECT 7")
        #expect(try statement.step())
        #expect(try !statement.step())
        #expect(try statement.step())
        #expect(statement.int(at: 0) == 7)
        #expect(statement.columnCount == 1)
        #expect(statement.name(at: 0) == "7")
    }

    @Test("The cache has a bound, and drops what was not used for longest")
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

    @Test("A constraint that refuses says so with its extended code")
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

    @Test("Changes and row ids are those of the last statement")
    func changes() throws {
        try connection.execute("INSERT INTO value (it) VALUES (1), (2), (3)")
        #expect(connection.lastInsertRowID == 3)
        try connection.prepare("DELETE FROM value WHERE id > 1").run()
        #expect(connection.changes == 2)
    }
}
