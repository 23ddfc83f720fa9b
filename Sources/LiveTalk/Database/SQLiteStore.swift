import CraneSQLite

/// A store in SQLite, whose failures are those of a store.
protocol SQLiteStore: Sendable {
    var database: Database { get }
}

extension SQLiteStore {
    /// Reads on the caller's thread.
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        do {
            return try database.read(body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    /// Writes with all else that waits to be written; returns when that is on the disk.
    @inline(__always)
    func write<Value: Sendable>(
        isRepeatable: Bool = false, _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        do {
            return try await database.write(isRepeatable: isRepeatable, body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }

    /// Writes at once, and blocks the caller.
    func transaction<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        do {
            return try database.transaction(body)
        } catch let error as DatabaseError {
            throw StoreError.translated(error)
        }
    }
}
