/// A transaction that goes on: its statements are carried out one after the other.
///
/// After one that fails all others fail too, until the transaction is undone.
public struct PostgresTransaction: Sendable {
    let pool: PostgresPool
    let connection: PostgresConnection

    /// Carries a statement out within the transaction.
    ///
    /// - Parameter query: the statement with its parameters.
    /// - Throws: what the server refuses, and `unavailable` when the connection ends: nothing of the transaction is kept then.
    @discardableResult
    public func execute(_ query: PostgresQuery) async throws(PostgresError) -> PostgresRows {
        let request = PostgresRequest(query, .part)
        return try await pool.answer(to: request) { [connection] in connection.send(request) }
    }

    /// Sends the beginning, which the first statement follows at once.
    func begin() {
        pool.perform { [connection] in connection.send(PostgresRequest("BEGIN", .part)) }
    }

    /// Ends the transaction; returns when it is on the server's disk.
    ///
    /// - Throws: `conflict` where the server has undone it, after a statement whose error was not passed on.
    func end(_ statement: PostgresQuery) async throws(PostgresError) {
        let request = PostgresRequest(statement, .write)
        let rows = try await pool.answer(to: request) { [connection] in connection.send(request) }
        guard rows.commandTag == statement.text else {
            throw PostgresError(
                .refused, message: "the transaction was undone, since one of its statements had failed")
        }
    }
}
