import CSQLite

extension Connection {
    /// Runs the body, whose statements may take no longer than `limit` altogether.
    ///
    /// SQLite looks at the clock after every hundred steps of its machine (https://sqlite.org/c3ref/progress_handler.html),
    /// some of which take long, so it may be later by that much.
    ///
    /// - Throws: `tooLong` when the time has passed; what the body throws.
    public func limited<T>(to limit: Duration, _ body: () throws -> T) throws -> T {
        let deadline = Deadline(in: limit)
        // The deadline is held until the handler is taken away again.
        unsafe sqlite3_progress_handler(
            handle, 100,
            { deadline in
                guard let deadline = unsafe deadline else { return 0 }
                return unsafe Unmanaged<Deadline>.fromOpaque(deadline).takeUnretainedValue().isPast ? 1 : 0
            }, Unmanaged.passUnretained(deadline).toOpaque())
        defer {
            withExtendedLifetime(deadline) { unsafe sqlite3_progress_handler(handle, 0, nil, nil) }
        }
        do {
            return try body()
        } catch let error as DatabaseError where error.code & 0xFF == SQLITE_INTERRUPT {
            throw DatabaseError(
                .tooLong, code: error.code, message: "the statement took longer than \(limit)")
        }
    }
}

private final class Deadline {
    private let end: ContinuousClock.Instant

    init(in limit: Duration) {
        end = .now + limit
    }

    var isPast: Bool { .now >= end }
}
