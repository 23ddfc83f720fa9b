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
    /// The file is checked first. A database that is there already, or what is left of one, is only replaced when
    /// `replacing`; it is replaced at once, so that an interruption leaves either the one or the other.
    public func restore(
        from file: String, replacing: Bool, progress: (Double) -> Void
    ) throws(OperationError) {
        let source = try Self.sound(file)
        defer { source.close() }
        let names = [path] + Self.companions.map { path + $0 }
        if !replacing, let there = names.first(where: { unsafe access($0, F_OK) == 0 }) {
            throw OperationError("\(there) exists already: say --replace to put the backup in its place")
        }
        let replaced = try owned()
        defer { replaced?.close() }
        do {
            try source.backup(to: path, progress: progress) { () throws(DatabaseError) in
                replaced?.close()
                try removeCompanions()
            }
        } catch {
            throw OperationError(error, at: path)
        }
    }

    /// The files beside a database that are read into it when it is opened.
    private static let companions = ["-wal", "-shm", "-journal"]

    /// Opens a backup, unless it is damaged, from a newer version or no database of LiveTalk's.
    private static func sound(_ file: String) throws(OperationError) -> DatabaseSnapshot {
        do {
            let source = try DatabaseSnapshot(path: file)
            switch try DatabaseOrigin(source) {
            case .liveTalk: break
            case .foreign: throw OperationError("\(file): \(DatabaseOrigin.advice)")
            case .none:
                throw OperationError("\(file) has no comments: it is no backup of a LiveTalk database")
            }
            if let problem = try source.problems().first {
                throw OperationError("\(file) is damaged, nothing was restored: \(problem)")
            }
            return source
        } catch {
            throw OperationError(error, at: file)
        }
    }

    /// The old database, which no service can have meanwhile; `nil` when there is none, or none that can be opened.
    private func owned() throws(OperationError) -> Database? {
        guard unsafe access(path, F_OK) == 0 else { return nil }
        do throws(DatabaseError) {
            return try Database(Database.Configuration(.file(path)))
        } catch {
            // A database that is beyond repair is what a restore is for.
            guard [.notADatabase, .corrupt].contains(error.kind) else {
                throw OperationError(error, at: path)
            }
            return nil
        }
    }

    private func removeCompanions() throws(DatabaseError) {
        for suffix in Self.companions where unsafe unlink(path + suffix) != 0 && errno != ENOENT {
            throw DatabaseError(.ioError, message: "cannot remove \(path + suffix): \(SystemError.last)")
        }
    }
}
