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
    /// The body may read by the connection that it is given, and must be short: all writes wait for it. It is told as long as the
    /// database is open, behind those that were there before.
    public func observeCommits(_ body: @escaping @Sendable ([any Sendable], Connection) -> Void) {
        writer.observers.withLock { $0.append(body) }
    }
}

extension Collection<any Sendable> {
    /// Those that are of this very type: a comparison each, where a cast would cost some hundred instructions.
    @inlinable
    public func notes<Note: Sendable>(of type: Note.Type) -> [Note] {
        compactMap { Swift.type(of: $0) == type ? $0 as? Note : nil }
    }
}

extension Writer {
    /// Tells the observers what was committed; the caller holds the lock.
    func announceCommit() {
        let notes = connection.takeNotes()
        guard !notes.isEmpty else { return }
        for observer in observers.withLock({ $0 }) {
            observer(notes, connection)
            connection.finishBody()
        }
    }
}
