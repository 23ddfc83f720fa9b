extension Database {
    /// Writes on the caller's thread and returns when it is on the disk: for a program's start and for commands, never on
    /// a loop. Other writes wait meanwhile.
    ///
    /// - Throws: what the body throws, its changes undone; `closed` after `close`; the commit's own failure.
    public func writeWaiting<T>(_ body: (Connection) throws -> T) throws -> T {
        writer.lock.lock()
        defer { writer.lock.unlock() }
        let connection = try writer.openConnection
        defer { connection.finishBody() }
        try connection.run("BEGIN IMMEDIATE")
        do {
            let value = try body(connection)
            try connection.run("COMMIT")
            clock.advance()
            return value
        } catch {
            // Some errors have ended the transaction themselves.
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            throw error
        }
    }
}
