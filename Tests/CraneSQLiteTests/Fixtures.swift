import CraneSQLite
import CraneSystem
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
    /// Counts on a loop's thread, or on one that is none's.
    func count(loop: Int? = nil) throws -> Int {
        var total = 0
        let read = {
            total = try self.read { connection in
                let statement = try connection.prepare("SELECT count(*) AS total FROM item")
                _ = try statement.step()
                return try statement.int("total")
            }
        }
        if let loop { try CurrentLoop.run(as: loop) { try read() } } else { try read() }
        return total
    }

    func texts() throws -> [String] {
        try read { connection in
            let statement = try connection.prepare("SELECT text FROM item ORDER BY id")
            var texts: [String] = []
            while try statement.step() {
                texts.append(try statement.text("text"))
            }
            return texts
        }
    }
}

extension Connection {
    func insert(_ text: String) throws -> Int64 {
        let statement = try prepare("INSERT INTO item (text) VALUES (:text)")
        try statement.bind("text", text)
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
