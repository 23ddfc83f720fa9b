import CSQLite

extension Connection {
    /// Runs the body, whose statements may take no longer than `limit` altogether and end when somebody cancels them.
    ///
    /// SQLite looks at the clock after every hundred steps of its machine (https://sqlite.org/c3ref/progress_handler.html),
    /// some of which take long, so it may be later by that much.
    ///
    /// - Parameters:
    ///   - limit: how long all statements of the body may take together.
    ///   - isCancelled: asked on the body's thread as often as the clock; it costs what it costs.
    ///   - body: what is run, on this thread.
    /// - Throws: `tooLong` when the time has passed; `cancelled`; what the body throws.
    public func limited<T>(
        to limit: Duration, unless isCancelled: @escaping () -> Bool = { false }, _ body: () throws -> T
    ) throws -> T {
        let deadline = Deadline(in: limit, isCancelled)
        // The deadline is held until the handler is taken away again.
        unsafe sqlite3_progress_handler(
            handle, 100,
            { deadline in
                guard let deadline = unsafe deadline else { return 0 }
                return unsafe Unmanaged<Deadline>.fromOpaque(deadline).takeUnretainedValue().hasCome ? 1 : 0
            }, Unmanaged.passUnretained(deadline).toOpaque())
        defer {
            withExtendedLifetime(deadline) { unsafe sqlite3_progress_handler(handle, 0, nil, nil) }
        }
        do {
            return try body()
        } catch let error as DatabaseError where error.code & 0xFF == SQLITE_INTERRUPT {
            if isCancelled() { throw error }
            throw DatabaseError(
                .tooLong, code: error.code, message: "the statement took longer than \(limit)")
        }
    }
}

private final class Deadline {
    private let end: ContinuousClock.Instant
    private let isCancelled: () -> Bool

    init(in limit: Duration, _ isCancelled: @escaping () -> Bool) {
        end = .now + limit
        self.isCancelled = isCancelled
    }

    var hasCome: Bool { isCancelled() || .now >= end }
}
