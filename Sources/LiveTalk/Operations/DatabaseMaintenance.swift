import CraneSQLite

/// What an operator does to the database beside serving it.
///
/// Status, backup, check and export read one snapshot and go on beside a running service. The others take the file for
/// themselves and refuse while a service has it. All block the caller's thread and throw `OperationError`.
public struct DatabaseMaintenance: Sendable {
    /// The database's file.
    public let path: String

    init(path: String) {
        self.path = path
    }

    static let emptiness = "there are no tables in it yet: livetalk migrate makes them"

    /// Fails for a database that is no file.
    public init(_ settings: Settings) throws(OperationError) {
        guard case .file(let path) = settings.databaseURL else {
            throw OperationError(
                "there is no file to work on: \(settings.databaseURL.refusal ?? "DATABASE_URL names none")")
        }
        self.path = path
    }

    /// Reads one state of the file at `path`; another application's is refused.
    func withSnapshot<Value>(_ body: (DatabaseSnapshot) throws -> Value) throws(OperationError) -> Value {
        do {
            let snapshot = try DatabaseSnapshot(path: path)
            defer { snapshot.close() }
            // What cannot be told so is told by what is read next.
            if let refusal = (try? DatabaseOrigin(snapshot))?.refusal {
                throw OperationError("\(path): \(refusal)")
            }
            return try body(snapshot)
        } catch {
            throw OperationError(error, at: path)
        }
    }

    /// Opens the file for this process alone.
    func withDatabase<Value>(_ body: (Database) throws -> Value) throws(OperationError) -> Value {
        do {
            let database = try Database.opening(Database.Configuration(.file(path)))
            defer { database.close() }
            return try body(database)
        } catch {
            throw OperationError(error, at: path)
        }
    }
}
