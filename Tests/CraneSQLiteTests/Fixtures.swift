import CraneSQLite
import Testing

/// A database in a file of its own, with one table `item (id, text)`.
struct Store {
    let directory: TemporaryDirectory
    let database: Database

    var path: String { directory.file("store.db") }

    init(_ adjust: (inout Database.Configuration) -> Void = { _ in }) throws {
        directory = try TemporaryDirectory()
        var configuration = Database.Configuration(.file(directory.file("store.db")))
        configuration.busyTimeout = .zero
        adjust(&configuration)
        database = try Database(configuration)
        try database.migrate(Self.migrations)
    }

    static let migrations = [
        Migration(1, "items", sql: "CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)")
    ]
}

extension Database {
    func count(slot: Int = 0) throws -> Int {
        try read(slot: slot) { connection in
            let statement = try connection.prepare("SELECT count(*) FROM item")
            _ = try statement.step()
            return statement.int(at: 0)
        }
    }

    func texts() throws -> [String] {
        try read(slot: 0) { connection in
            let statement = try connection.prepare("SELECT text FROM item ORDER BY id")
            var texts: [String] = []
            while try statement.step() {
                texts.append(statement.text(at: 0))
            }
            return texts
        }
    }
}

extension Connection {
    func insert(_ text: String) throws -> Int64 {
        let statement = try prepare("INSERT INTO item (text) VALUES (?1)")
        try statement.bind(text, at: 1)
        try statement.run()
        return lastInsertRowID
    }
}

/// Expects a `DatabaseError` of this kind.
func expect(
    _ kind: DatabaseError.Kind, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as DatabaseError {
        #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}

/// Expects a `DatabaseError` of this kind.
func expect(
    _ kind: DatabaseError.Kind, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as DatabaseError {
        #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}
