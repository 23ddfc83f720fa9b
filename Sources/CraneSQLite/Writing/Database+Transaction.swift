import CraneSystem

extension Database {
    /// Runs a body in a transaction of its own on the caller's thread, for a program's start and for commands, never on
    /// a loop.
    ///
    /// Queued writes wait meanwhile. On return the changes are on the disk; when the body throws they are undone.
    ///
    /// - Throws: what the body throws; `closed` after `close`; what the commit fails with.
    public func transaction<T>(_ body: (Connection) throws -> T) throws -> T {
        let value = try writer.runTransaction(body)
        // The writer's thread looks at the log's length only after batches of its own.
        if writer.wal.isCheckpointDue {
            writer.checkpoint()
        }
        return value
    }
}

extension Writer {
    fileprivate func runTransaction<T>(_ body: (Connection) throws -> T) throws -> T {
        lock.lock()
        defer { lock.unlock() }
        let connection = try openConnection
        try connection.run("BEGIN IMMEDIATE")
        do {
            defer { connection.finishBody() }
            let value = try body(connection)
            connection.finishBody()
            try file?.check()
            try connection.run("COMMIT")
            clock.advance()
            announceCommit()
            return value
        } catch {
            _ = connection.takeNotes()
            // The error that led here is the one to report.
            try? connection.rollBack()
            throw error
        }
    }
}
