import CSQLite

extension Writer {
    /// Moves the WAL into the file as far as no reader needs it, so that the next commit can begin it anew.
    ///
    /// Costs two syncs and a write for each changed page, on the writer thread.
    func checkpoint() {
        lock.lock()
        defer { lock.unlock() }
        guard !connection.isInMemory, !connection.isClosed else {
            return
        }
        // An idle loop's snapshot would keep its part of the WAL; one in use is renewed by its next read.
        endIdleSnapshots()
        var frames: Int32 = 0
        var moved: Int32 = 0
        let code = unsafe sqlite3_wal_checkpoint_v2(
            connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved)
        // A failure loses nothing: the WAL holds it all, and the next attempt begins where this one ended.
        let isComplete = code == SQLITE_OK && frames == moved
        wal.noteCheckpoint(isComplete: isComplete)
        if isComplete {
            tally.countCheckpoint()
            // A reader of the whole WAL holds it as much as one of its middle: let each take the file instead.
            clock.advance()
            endIdleSnapshots()
        }
    }

    /// Empties the WAL and closes the file, after the thread has ended and the readers are closed.
    func close() {
        lock.lock()
        defer { lock.unlock() }
        if !connection.isInMemory, !connection.isClosed {
            // Whoever still reads must not hold the shutdown up: the WAL keeps what cannot be moved.
            unsafe sqlite3_busy_timeout(connection.handle, 0)
            unsafe sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        }
        connection.close()
    }

    private func endIdleSnapshots() {
        for reader in readers {
            reader.endIdleSnapshot()
        }
    }
}
