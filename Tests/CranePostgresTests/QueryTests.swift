import CraneSchema
import TestSupport
import Testing

@testable import CranePostgres

/// A client of a database of the test's own.
func openDatabase(
    _ change: (inout PostgresConfiguration) -> Void = { _ in }
) throws -> PostgresClient {
    var configuration = try PostgresConfiguration(PostgresServer.shared().database())
    change(&configuration)
    return PostgresClient(configuration)
}

/// What a call fails with.
func failure(_ body: () async throws -> Void) async -> PostgresError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? PostgresError
    }
}

struct Talk: Record, Equatable {
    let id: Int
    let title: String
    let isOpen: Bool
    let rating: Double?
    let at: Timestamp
    let tags: [String]
    static let schema = Object(Talk.init) {
        Field("id", \.id)
        Field("title", \.title)
        Field("is_open", \.isOpen)
        Field("rating", \.rating)
        Field("at", \.at)
        Field("tags", \.tags)
    }
    static let table = Table<Talk>("talk")

    static func make(in database: PostgresClient) async throws {
        try await database.execute(
            """
            CREATE TABLE talk (id int PRIMARY KEY, title text NOT NULL, is_open bool NOT NULL, rating real,
                at timestamptz NOT NULL, tags jsonb NOT NULL)
            """)
    }
}

@Suite("Statements of PostgreSQL", .needsPostgres, .timeLimit(.minutes(5)))
struct QueryTests {
    @Test("values come back as they went in, each as its type")
    func values() async throws {
        let database = try openDatabase()
        let id = UniqueID.random()
        let time = Timestamp(microseconds: -1)
        let rows = try await database.query(
            """
            SELECT \(Int.min) AS least, \("a'b\u{1F600}") AS words, \(true) AS flag, \(0.1) AS part, \(time) AS at,
                \(id) AS unique_id, \(PostgresBytes([0, 255])) AS bytes, \(Int?.none) AS nothing, \("") AS empty,
                7::int2 AS small, 1.5::float4 AS single, '{"a": 1}'::jsonb AS document, 'x'::varchar AS short
            """)
        #expect(rows.count == 1)
        let row = rows[0]
        #expect(try row.int("least") == .min)
        #expect(try row.text("words") == "a'b\u{1F600}")
        #expect(try row.bool("flag"))
        #expect(try row.double("part") == 0.1)
        #expect(try row.timestamp("at") == time)
        #expect(try row.uniqueID("unique_id") == id)
        #expect(try row.blob("bytes") == [0, 255])
        #expect(try row.isNull("nothing") && row.value("nothing", as: Int?.self) == nil)
        #expect(try row.text("empty").isEmpty && !row.isNull("empty"))
        #expect(try row.int("small") == 7 && row.double("single") == 1.5)
        #expect(try row.text("document") == #"{"a": 1}"# && row.text("short") == "x")
    }

    @Test("lists are arrays, in which there may be NULL")
    func lists() async throws {
        let database = try openDatabase()
        let rows = try await database.query(
            """
            SELECT * FROM unnest(\([3, 1, 2]), \(["a", nil, ""] as [String?]), \([Timestamp(microseconds: 5), nil, nil]))
                WITH ORDINALITY AS u(number, word, at, place) ORDER BY place
            """)
        #expect(try rows.map { try $0.int("number") } == [3, 1, 2])
        #expect(try rows.map { try $0.value("word", as: String?.self) } == ["a", nil, ""])
        #expect(try rows[0].timestamp("at") == Timestamp(microseconds: 5))
        #expect(try await database.query("SELECT 1 WHERE 1 = ANY(\([Int]()))").isEmpty)
    }

    @Test("rows are records, and the JSON of records")
    func records() async throws {
        let database = try openDatabase()
        try await Talk.make(in: database)
        let made = try await database.execute(
            """
            INSERT INTO talk SELECT n, 'Talk "' || n || '"', n = 1, CASE n WHEN 1 THEN 4.5 END, to_timestamp(n), '["a", "b"]'
            FROM generate_series(1, 2) AS n
            """)
        #expect(made.affectedRows == 2)
        let rows = try await database.query(
            "SELECT tags, at, rating, is_open, title, id FROM talk ORDER BY id")
        let talks = try rows.rows(Talk.self)
        #expect(
            talks.first
                == Talk(
                    id: 1, title: "Talk \"1\"", isOpen: true, rating: 4.5,
                    at: Timestamp(microseconds: 1_000_000), tags: ["a", "b"]))
        #expect(talks.last?.rating == nil)
        let writer = try rows.writer(of: Talk.self)
        for (place, talk) in talks.enumerated() {
            let json = try JSONWriter.bytes { json in _ = try writer.write(place, to: &json) }
            #expect(json == Talk.schema.encode(talk))
            #expect(try writer.key(of: place) == talk.id)
        }
    }

    @Test("what was not asked for is an error, and no value")
    func mismatches() async throws {
        let database = try openDatabase()
        let row = try await database.query(
            "SELECT 'a'::text AS word, NULL::int8 AS nothing, 1.5::numeric AS exact")[0]
        for read in [
            { _ = try row.int("word") }, { _ = try row.int("nothing") }, { _ = try row.text("nothing") },
            { _ = try row.double("exact") }, { _ = try row.int("none") }, { _ = try row.row(Talk.self) },
        ] as [() throws -> Void] {
            #expect { try read() } throws: { ($0 as? PostgresError)?.kind == .mismatch }
        }
    }

    @Test("the server's refusals have their code, and the constraint its name")
    func refusals() async throws {
        let database = try openDatabase()
        try await database.execute("CREATE TABLE seat (number int CONSTRAINT one_each UNIQUE)")
        try await database.execute("INSERT INTO seat VALUES (\(1))")
        let twice = await failure { try await database.execute("INSERT INTO seat VALUES (\(1))") }
        #expect(twice?.kind == .constraint && twice?.sqlState == "23505" && twice?.constraint == "one_each")
        let wrong = await failure { _ = try await database.query("SELEKT") }
        #expect(wrong?.kind == .refused && wrong?.sqlState == "42601")
        let nul = await failure { _ = try await database.query("SELECT \("a\0b")") }
        #expect(nul?.sqlState == "22021")
        #expect(try await database.query("SELECT count(*) AS n FROM seat")[0].int("n") == 1)
        let copy = await failure { _ = try await database.execute("COPY seat TO STDOUT") }
        #expect(copy?.kind == .refused)
    }

    @Test("a statement that fails in a pipeline fails alone")
    func pipelines() async throws {
        let database = try openDatabase { $0.readConnections = 1 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    if number % 10 == 3 {
                        let error = await failure {
                            _ = try await database.query("SELECT 1 / \(number - number)")
                        }
                        #expect(error?.sqlState == "22012")
                    } else {
                        let rows = try await database.query("SELECT \(number) AS n")
                        #expect(try rows[0].int("n") == number)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a statement whose result has another shape than when it was prepared is prepared anew")
    func preparedAnew() async throws {
        let database = try openDatabase { $0.readConnections = 1 }
        try await database.execute("CREATE TABLE shape (a int)")
        try await database.execute("INSERT INTO shape VALUES (1)")
        #expect(try await database.query("SELECT * FROM shape")[0].int("a") == 1)
        try await database.execute("ALTER TABLE shape ADD b text DEFAULT 'b'")
        #expect(try await database.query("SELECT * FROM shape")[0].text("b") == "b")
    }

    @Test("more statements than a connection keeps prepared work as well")
    func manyStatements() async throws {
        let database = try openDatabase { $0.readConnections = 1 }
        for number in 0..<PreparedStatements.bound + 20 {
            let rows = try await database.query("SELECT \(raw: "\(number)") + \(1) AS n")
            #expect(try rows[0].int("n") == number + 1)
        }
    }
}
