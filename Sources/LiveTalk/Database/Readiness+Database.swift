import CraneSQLite
import CraneService

extension Readiness {
    /// Readiness by a real write, which reaches the disk but changes nothing that anybody reads.
    convenience init(of database: Database) {
        self.init("database not writable") {
            // SQLite writes the header's page even when the number is the same (pragma.html#pragma_application_id).
            try await database.write { connection in try connection.execute("PRAGMA application_id = 0") }
        }
    }
}
