import CraneSystem

extension DatabaseSnapshot {
    /// Writes the state to a file of its own, which appears under its name when it is whole, sound and on the disk.
    ///
    /// The file belongs to whom the one belonged that it replaces, or else to the directory's owner, and no more may
    /// read it than may read the database. Of a symbolic link the file is replaced that it leads to. Blocks the caller's
    /// thread for as long as the copying takes, with a few MiB of memory.
    ///
    /// - Parameters:
    ///   - path: the file; one that is there already is replaced.
    ///   - progress: told now and then which part is done, from 0 to 1.
    /// - Throws: `corrupt` for a damaged database, of which nothing is kept; `busy` when another backup writes to the path; `cannotOpen` for what is no plain file, what belongs to a
    ///   database, and when a log lies beside it, which would be read into the copy.
    public func backup(to path: String, progress: (Double) -> Void = { _ in }) throws(DatabaseError) {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        let target = try BackupFile(at: FilePlace(path), of: connection)
        try target.refuseLog()
        try target.copy(connection, progress: progress)
        try unchanging?.check()
        try target.publish(replacing: true) {}
    }

    /// Has a file of any content written anew, which appears under its name when it is whole and on the disk.
    ///
    /// It belongs to whom a backup would belong, and replaces what a backup would replace. `write` gets the open file.
    package func replaceFile(at path: String, _ write: (Int32) throws -> Void) throws {
        let target: BackupFile
        do {
            lock.lock()
            defer { lock.unlock() }
            try checkOpen()
            target = try BackupFile(at: FilePlace(path), of: connection)
        }
        try target.write(write)
        try target.publish(replacing: true) {}
    }

    /// Writes the state into an empty file that is open, and stays so.
    package func copy(to descriptor: Int32, progress: (Double) -> Void) throws(DatabaseError) {
        lock.lock()
        defer { lock.unlock() }
        try checkOpen()
        try connection.copy(to: descriptor, progress: progress)
        try unchanging?.check()
    }
}
