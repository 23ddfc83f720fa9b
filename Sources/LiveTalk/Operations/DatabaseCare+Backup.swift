import CraneSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension DatabaseCare {
    /// Writes one state of the database to `file`, which appears under its name when it is whole and on the disk.
    ///
    /// `progress` is told the part that is done, from 0 to 1.
    public func backup(to file: String, progress: (Double) -> Void) throws(OperationError) {
        try withSnapshot { snapshot in
            // Told apart from a fault of the database, which has the other path.
            do { try snapshot.backup(to: file, progress: progress) } catch {
                throw OperationError(error, at: file)
            }
        }
    }

    /// Puts the database in `file` in the place of this one.
    ///
    /// The file is checked first. A database that is there already is only replaced when `replacing`; it is replaced
    /// at once, so that an interruption leaves either the one or the other.
    public func restore(
        from file: String, replacing: Bool, progress: (Double) -> Void
    ) throws(OperationError) {
        let source = try Self.sound(file)
        defer { source.close() }
        if unsafe access(path, F_OK) == 0 {
            guard replacing else {
                throw OperationError("\(path) exists already: say --replace to put the backup in its place")
            }
            try retire()
        }
        do {
            try source.backup(to: path, progress: progress)
        } catch {
            throw OperationError(error, at: path)
        }
    }

    /// Opens a backup, unless it is damaged or from a newer version.
    private static func sound(_ file: String) throws(OperationError) -> DatabaseSnapshot {
        do {
            let source = try DatabaseSnapshot(path: file)
            _ = try source.migrationStatus(of: Migration.all)
            if let problem = try source.problems().first {
                throw OperationError("\(file) is damaged, nothing was restored: \(problem)")
            }
            return source
        } catch {
            throw OperationError(error, at: file)
        }
    }

    /// Makes sure that no service has the old database, and empties its log, which must not be read into the new one.
    private func retire() throws(OperationError) {
        do throws(DatabaseError) {
            try Database(Database.Configuration(.file(path))).close()
        } catch {
            // A database that is beyond repair is what a restore is for.
            guard [.notADatabase, .corrupt].contains(error.kind) else {
                throw OperationError(error, at: path)
            }
        }
        for suffix in ["-wal", "-shm"] where unsafe unlink(path + suffix) != 0 && errno != ENOENT {
            throw OperationError("\(path + suffix): \(SystemError.last)")
        }
    }
}
