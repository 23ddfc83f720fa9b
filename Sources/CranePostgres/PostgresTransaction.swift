import Synchronization

/// A transaction that goes on: its statements are carried out one after the other.
///
/// After one that fails all others fail too, until the transaction is undone.
public struct PostgresTransaction: Sendable {
    let pool: PostgresPool
    let connection: PostgresConnection
    private let notes = Notes()

    private final class Notes: Sendable {
        let all = Mutex<[any Sendable]>([])
    }

    init(pool: PostgresPool, connection: PostgresConnection) {
        self.pool = pool
        self.connection = connection
    }

    /// Carries a statement out within the transaction.
    ///
    /// - Parameter query: the statement with its parameters.
    /// - Throws: what the server refuses, and `unavailable` when the connection ends: nothing of the transaction is kept then.
    @discardableResult
    public func execute(_ query: PostgresQuery) async throws(PostgresError) -> PostgresRows {
        try await pool.answer(to: PostgresRequest(query, .part), on: connection)
    }

    /// Hands a note to those who observe the client's commits (``PostgresClient/observeCommits(_:)``), once this transaction has been committed; of
    /// one that is undone the notes go.
    public func note(_ note: some Sendable) { notes.all.withLock { $0.append(note) } }

    /// What was noted.
    func takeNotes() -> [any Sendable] {
        notes.all.withLock { notes in
            defer { notes = [] }
            return notes
        }
    }

    /// Sends the beginning, which the first statement follows at once.
    func begin() {
        pool.perform { [connection] in connection.send(PostgresRequest("BEGIN", .part)) }
    }

    /// Ends the transaction; returns when it is on the server's disk.
    ///
    /// - Throws: `conflict` where the server has undone it, after a statement whose error was not passed on.
    func end(_ statement: PostgresQuery) async throws(PostgresError) {
        let rows = try await pool.answer(to: PostgresRequest(statement, .write), on: connection)
        guard rows.commandTag == statement.text else {
            throw PostgresError(
                .refused, message: "the transaction was undone, since one of its statements had failed")
        }
    }
}
