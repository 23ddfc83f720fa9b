/// One connection for a program that may wait, such as a command: every call blocks its thread, which must not be a loop's.
///
/// ```swift
/// let session = try PostgresBlockingSession(PostgresConfiguration("postgresql://app@db.example/shop"))
/// let rows = try session.execute("SELECT name FROM item ORDER BY name")
/// ```
/// A service asks by a ``PostgresClient``. The connection ends with this value; one that broke is not opened again.
public struct PostgresBlockingSession {
    private let session: PostgresSession

    /// Connects.
    ///
    /// - Parameter configuration: which database.
    /// - Throws: `unavailable` where nobody answers.
    public init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        session = try PostgresSession.connect(configuration)
    }

    /// Carries a statement out, within the transaction that was begun or as one of its own.
    ///
    /// - Parameter query: the statement with its parameters.
    /// - Returns: its rows, and how many were changed.
    /// - Throws: what the server refuses, and `unavailable` when the connection ends.
    @discardableResult
    public func execute(_ query: PostgresQuery) throws(PostgresError) -> PostgresRows {
        try session.query(query)
    }

    /// Carries statements out in one transaction, which is committed when `body` returns and undone when it throws.
    ///
    /// - Parameter body: what is done by this session.
    /// - Throws: what `body` throws, and as ``execute(_:)``.
    public func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try session.perform("BEGIN")
        do {
            let value = try body()
            try session.perform("COMMIT")
            return value
        } catch {
            try? session.perform("ROLLBACK")
            throw error
        }
    }
}
