import CSQLite
import CraneSystem

extension Writer {
    /// Moves the WAL into the file and makes the next commit begin it anew, as far as the readers let it.
    ///
    /// Costs two syncs and a write for each changed page, on the writer thread.
    func checkpoint() {
        lock.lock()
        defer { lock.unlock() }
        guard !connection.isInMemory, !connection.isClosed else {
            return
        }
        // A read takes a millisecond at most where the loops are kept free, and is waited for. Only a log that
        // has grown far too long is worth a longer pause.
        let patience = Duration.milliseconds(wal.isOverlong ? 1000 : 20)
        // What is older than the last commit would keep its part of the log from being moved.
        awaitReaders(before: clock.now, within: patience)
        var frames: Int32 = 0
        var moved: Int32 = 0
        let code = unsafe sqlite3_wal_checkpoint_v2(
            connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved)
        // A failure loses nothing: the WAL holds it all, and the next attempt begins where this one ended.
        let isComplete = code == SQLITE_OK && frames == moved
        wal.noteCheckpoint(isComplete: isComplete)
        if isComplete {
            counts.countCheckpoint()
            // A transaction of the log's end keeps the log as one of its middle does; a new one takes the file.
            clock.advance()
            awaitReaders(before: clock.now, within: patience)
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

    /// Waits until no reader's transaction began before this count of the clock, ending those that rest.
    private func awaitReaders(before count: UInt64, within patience: Duration) {
        let deadline = ContinuousClock.now + patience
        while !readers.allSatisfy({ $0.isClear(before: count) }), ContinuousClock.now < deadline {
            usleep(100)
        }
    }
}
