/// A statement that somebody waits for. All but its making happens on the loop's thread.
@safe
final class PostgresRequest: @unchecked Sendable {
    /// How a statement stands to its transaction.
    enum Mode {
        /// One that changes nothing: it may be asked twice, and is answered at once.
        case read
        /// One that is a transaction of its own, answered when that has been committed.
        case write
        /// One of a transaction that goes on.
        case part
    }

    let query: PostgresQuery
    let mode: Mode
    /// What is carried out before it in the same transaction.
    let before: [PostgresQuery]
    /// The write that this one comes before, which fails with it.
    private let following: PostgresRequest?
    /// Resumed once: by the answer, the connection's end or the pool's.
    var continuation: UnsafeContinuation<Result<PostgresRows, PostgresError>, Never>?
    /// Whether it has been answered.
    private(set) var isOver = false
    /// How often it was sent and not answered.
    var retries = 0
    /// What a write has given, until its transaction is committed.
    var rows: PostgresRows?

    init(
        _ query: PostgresQuery, _ mode: Mode, before: [PostgresQuery] = [], following: PostgresRequest? = nil
    ) {
        self.query = query
        self.mode = mode
        self.before = before
        self.following = following
    }

    func complete(_ result: Result<PostgresRows, PostgresError>) {
        isOver = true
        let continuation = unsafe continuation
        unsafe self.continuation = nil
        unsafe continuation?.resume(returning: result)
        if case .failure = result { following?.complete(result) }
    }

    func fail(_ error: PostgresError) { complete(.failure(error)) }
}
