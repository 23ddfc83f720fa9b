import Synchronization

extension Connection {
    /// Hands a note to those who observe the commits (``Database/observeCommits(_:)``), once what this body has changed is on the
    /// disk; with changes that are undone their notes go.
    public func note(_ note: some Sendable) { notes.append(note) }

    /// The notes of what was committed.
    func takeNotes() -> [any Sendable] {
        defer { notes = [] }
        return notes
    }
}

extension Database {
    /// Has the notes of each commit told to `body`, on the writer's thread: after the commit, before the writes in it are answered,
    /// in the order of the commits.
    ///
    /// The body may read by the connection that it is given, and must be short: all writes wait for it. It takes the place of one
    /// that was set before.
    public func observeCommits(_ body: @escaping @Sendable ([any Sendable], Connection) -> Void) {
        writer.observer.withLock { $0 = body }
    }
}

extension Writer {
    /// Tells the observer what was committed; the caller holds the lock.
    func announceCommit() {
        let notes = connection.takeNotes()
        guard !notes.isEmpty, let observer = observer.withLock({ $0 }) else { return }
        observer(notes, connection)
        connection.finishBody()
    }
}
