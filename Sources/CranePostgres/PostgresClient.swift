import CraneLoop
public import Logging
import Synchronization

/// A PostgreSQL database, asked on the loop of whoever calls: no thread waits.
///
/// ```swift
/// let database = PostgresClient(try PostgresConfiguration("postgresql://app@db.example/shop"))
/// let rows = try await database.query("SELECT id, name FROM item WHERE price < \(limit) LIMIT 100")
/// for row in rows { print(try row.int("id"), try row.text("name")) }
/// ```
/// Each loop has connections of its own, opened with the first statement and opened again when they end. Safe to share between
/// tasks and loops; outside a server's loops, statements run on a loop of the process's own. A task that is cancelled waits for its answer
/// all the same, which comes within ``PostgresConfiguration/statementTimeout``.
public final class PostgresClient: Sendable {
    /// Which database, and how much of it.
    public let configuration: PostgresConfiguration
    let logger: Logger
    private let pools = Mutex<[ObjectIdentifier: PostgresPool]>([:])
    private let isClosed = Atomic(false)
    private let observers = Mutex<[@Sendable ([any Sendable]) -> Void]>([])
    let tally = AtomicPostgresCounters()

    /// A client with connections of its own, the first of which is opened when it is needed.
    ///
    /// - Parameters:
    ///   - configuration: which database, and how much of it.
    ///   - logger: where connections that end are told of.
    public init(_ configuration: PostgresConfiguration, logger: Logger = Logger(label: "crane.postgres")) {
        self.configuration = configuration
        self.logger = logger
    }

    deinit { close() }

    /// Asks for rows, by a statement that changes nothing.
    ///
    /// It goes out at the end of the loop's turn with those of other requests, and is asked again, twice at most, when its connection
    /// ends. A statement that changes something is for `execute(_:)`.
    /// - Parameter query: the statement with its parameters.
    /// - Throws: `unavailable`, `overloaded`, `tooLong`, and what the server refuses.
    public func query(_ query: PostgresQuery) async throws(PostgresError) -> PostgresRows {
        let request = PostgresRequest(query, .read)
        return try await pool().answer(to: request)
    }

    /// Carries a statement out as a transaction of its own; returns when that is committed.
    ///
    /// - Parameter query: the statement with its parameters.
    /// - Returns: what `RETURNING` gives, and how many rows were changed.
    /// - Throws: as ``query(_:)``; `connectionLost` where nobody knows whether it was carried out, since the connection ended before the
    ///   answer came.
    @discardableResult
    public func execute(_ query: PostgresQuery) async throws(PostgresError) -> PostgresRows {
        let request = PostgresRequest(query, .write)
        return try await pool().answer(to: request)
    }

    /// Carries several statements out in one transaction that goes to the server as a whole; returns when that is committed.
    ///
    /// None can use what an earlier one has given: that is for ``transaction(_:)``, which waits for each.
    /// - Parameter queries: the statements in their order; at least one.
    /// - Returns: what the last one has given.
    /// - Throws: as `execute(_:)`; after the first that fails nothing is kept.
    @discardableResult
    public func execute(_ queries: [PostgresQuery]) async throws(PostgresError) -> PostgresRows {
        guard let last = queries.last else {
            throw PostgresError(.refused, message: "there is no statement to carry out")
        }
        let request = PostgresRequest(last, .write, before: Array(queries.dropLast()))
        return try await pool().answer(to: request)
    }

    /// Carries several statements out in one transaction, which is committed when `body` returns and undone when it throws.
    ///
    /// It has a connection to itself meanwhile, of which each loop has few: what waits for something else than the database is done
    /// before or after it. A transaction that another one has stood in the way of (40001, 40P01) is begun anew, three times in all.
    /// - Parameter body: what is done, perhaps more than once.
    /// - Throws: what `body` throws, and as `execute(_:)`.
    public func transaction<Value>(
        _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        var attempts = 1
        while true {
            do {
                return try await attempt(body)
            } catch let error as PostgresError where error.kind == .conflict && attempts < 3 {
                attempts += 1
            }
        }
    }

    private func attempt<Value>(
        _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let pool = try pool()
        let connection = try await pool.lend()
        let transaction = PostgresTransaction(pool: pool, connection: connection)
        transaction.begin()
        let value: Value
        do {
            value = try await body(transaction)
        } catch {
            let isUndone = (try? await transaction.end("ROLLBACK")) != nil
            pool.perform { pool.giveBack(connection, isClean: isUndone) }
            throw error
        }
        do {
            try await transaction.end("COMMIT")
        } catch {
            // What the server has said no to it has undone.
            let isUndone = ![.connectionLost, .unavailable, .tooLong, .closed].contains(error.kind)
            pool.perform { pool.giveBack(connection, isClean: isUndone) }
            throw error
        }
        pool.perform { pool.giveBack(connection, isClean: true) }
        tell(transaction.takeNotes())
        return value
    }

    /// Has the notes of each transaction that is committed told to `body`, before whoever began it hears of the commit; any thread.
    ///
    /// Only what this client commits is told, and not what nobody knows of, as its connection ended before the answer came.
    /// - Parameter body: takes what ``PostgresTransaction/note(_:)`` was given, in its order.
    public func observeCommits(_ body: @escaping @Sendable ([any Sendable]) -> Void) {
        observers.withLock { $0.append(body) }
    }

    /// Tells of notes whose statements were committed.
    package func tell(_ notes: [any Sendable]) {
        if notes.isEmpty { return }
        for observer in observers.withLock({ $0 }) { observer(notes) }
    }

    /// Opens the connections of the calling loop, and returns when the server has answered.
    ///
    /// - Throws: as ``query(_:)``, for a start that finds the database away.
    public func ping() async throws(PostgresError) {
        _ = try await query("SELECT 1")
    }

    /// What the client has done since it was made; any thread.
    public var counters: PostgresCounters { tally.value }

    /// Closes all connections; who still waits is told so. Any thread.
    public func close() {
        isClosed.store(true, ordering: .relaxed)
        for pool in pools.withLock({ Array($0.values) }) { pool.loop.execute { pool.close() } }
    }

    /// The connections of the calling loop.
    private func pool() throws(PostgresError) -> PostgresPool {
        guard !isClosed.load(ordering: .relaxed) else {
            throw PostgresError(.closed, message: "the client has been closed")
        }
        let loop: EventLoop
        do {
            loop = try EventLoop.current ?? EventLoop.shared()
        } catch {
            throw PostgresError(.unavailable, message: "the system has no thread left: \(error)")
        }
        return pools.withLock { pools in
            if let pool = pools[ObjectIdentifier(loop)] { return pool }
            let pool = PostgresPool(loop, configuration, tally, logger: logger) { [weak self] loop in
                _ = self?.pools.withLock { $0.removeValue(forKey: ObjectIdentifier(loop)) }
            }
            pools[ObjectIdentifier(loop)] = pool
            return pool
        }
    }
}

extension PostgresPool {
    /// Sends a request on the loop and waits for its answer.
    ///
    /// - Parameter connection: that of the transaction whose part it is.
    func answer(
        to request: PostgresRequest, on connection: PostgresConnection? = nil
    ) async throws(PostgresError) -> PostgresRows {
        try await unsafe withUnsafeContinuation { continuation in
            // Resumed once: by the answer, or by the end of the connection or the loop.
            unsafe request.continuation = continuation
            if loop.isCurrent { return send(request, on: connection) }
            if !loop.execute({ self.send(request, on: connection) }) {
                request.fail(PostgresError(.closed, message: "the loop has ended"))
            }
        }.get()
    }

    private func send(_ request: PostgresRequest, on connection: PostgresConnection?) {
        if let connection { return connection.send(request) }
        request.mode == .read ? read(request) : write(.write(request))
    }

    /// Waits for a connection of one's own.
    func lend() async throws(PostgresError) -> PostgresConnection {
        try await unsafe withUnsafeContinuation { continuation in
            // Resumed once: with a connection, or by the end of the pool or the loop.
            let turn = unsafe Turn.transaction(continuation)
            if !perform({ self.write(turn) }) {
                turn.fail(PostgresError(.closed, message: "the loop has ended"))
            }
        }.get()
    }

    /// Runs `call` on the loop's thread, now where that is the caller's; false when the loop has ended.
    @discardableResult
    func perform(_ call: @escaping @Sendable () -> Void) -> Bool {
        guard loop.isCurrent else { return loop.execute(call) }
        call()
        return true
    }
}
