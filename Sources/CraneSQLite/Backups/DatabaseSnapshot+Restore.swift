import CraneSystem

extension DatabaseSnapshot {
    /// Puts the state in the place of a database that no `Database` has open, or of what is left of one.
    ///
    /// It is owned from here on until it has been replaced, at once: an interruption leaves the one or the other.
    ///
    /// - Parameters:
    ///   - path: the database; of a symbolic link the file that it leads to.
    ///   - progress: told now and then which part is done, from 0 to 1.
    /// - Throws: `locked` when another has the database; `cannotOpen` when it is this state's own file, and as `backup`.
    public func replaceDatabase(
        at path: String, progress: (Double) -> Void = { _ in }
    ) throws(DatabaseError) {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        let place = try FilePlace(path)
        let target = try BackupFile(at: place, of: connection)
        let owner = place.status() == nil ? nil : try FileOwner(place, creating: false)
        let old = try owner.flatMap { owner throws(DatabaseError) in try Self.owned(owner) }
        try target.copy(connection, progress: progress)
        try unchanging?.check()
        try target.publish(replacing: owner != nil) { () throws(DatabaseError) in
            old?.close()
            for suffix in BackupFile.companions {
                do throws(SystemError) { try place.remove(suffix) } catch  where error.code != ENOENT {
                    throw DatabaseError(
                        .ioError, error, prefix: "cannot remove \(place.name)\(suffix): ")
                } catch {
                    // It was not there.
                }
            }
        }
        // Until here nobody can begin to write to the file that has just been replaced.
        withExtendedLifetime(owner) {}
    }

    /// The files that a database of this path would be read from, as far as they are there.
    package static func leftovers(at path: String) throws(DatabaseError) -> [String] {
        let place = try FilePlace(path)
        return ([""] + BackupFile.companions).filter { place.status($0) != nil }.map { place.path + $0 }
    }

    /// The database that is to be replaced, kept from other programs too; nil for one beyond repair.
    private static func owned(_ owner: FileOwner) throws(DatabaseError) -> Connection? {
        do throws(DatabaseError) {
            let connection = try Connection(.owned(owner), isReader: false)
            try connection.configureWriter(Database.Configuration(.file(owner.place.path)))
            try connection.takeOwnership()
            return connection
        } catch {
            guard [.notADatabase, .corrupt].contains(error.kind) else { throw error }
            return nil
        }
    }
}
