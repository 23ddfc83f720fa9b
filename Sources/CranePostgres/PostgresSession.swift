import CPostgres
import CraneSystem

/// One connection of libpq's, closed with this. One thread at a time.
@safe
final class PostgresSession: @unchecked Sendable {
    let handle: OpaquePointer
    /// Whether a pooler stands between: the server's process is another than the one that was said at the connection's beginning, and perhaps another
    /// for each transaction, which knows nothing that was prepared.
    private(set) var isPooled = false

    private init(_ handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe crane_PQfinish(handle) }

    /// Connects on the calling thread, which must not be a loop's: names are looked up, and TLS and a password take milliseconds.
    ///
    /// - Throws: `unavailable`, or what else the server says.
    static func connect(_ configuration: PostgresConfiguration) throws(PostgresError) -> PostgresSession {
        let parameters = configuration.connectionParameters
        // Copies that live until the call is over; the lists end in NULL.
        let keywords = unsafe parameters.map { unsafe UnsafePointer(strdup($0.0)) } + [nil]
        let values = unsafe parameters.map { unsafe UnsafePointer(strdup($0.1)) } + [nil]
        defer {
            let texts = unsafe keywords + values
            for place in unsafe texts.indices { unsafe free(UnsafeMutablePointer(mutating: texts[place])) }
        }
        guard let handle = unsafe crane_PQconnectdbParams(keywords, values, 1) else {
            throw PostgresError(.unavailable, message: "libpq has no memory")
        }
        let session = unsafe PostgresSession(handle)
        guard unsafe crane_PQstatus(handle) == CONNECTION_OK else {
            throw PostgresError(.unavailable, message: session.message)
        }
        unsafe crane_postgres_ignore_notices(handle)
        try session.perform(configuration.sessionSettings)
        let process = try session.query("SELECT pg_backend_pid() AS process")[0].int("process")
        session.isPooled = unsafe process != Int(crane_PQbackendPID(handle))
        return session
    }

    /// Has the connection never wait, and take statements before it has answered earlier ones.
    func beginPipeline() throws(PostgresError) {
        guard unsafe crane_PQsetnonblocking(handle, 1) == 0, unsafe crane_PQenterPipelineMode(handle) == 1
        else {
            throw PostgresError(.unavailable, message: message)
        }
    }

    /// Carries statements without parameters out, on the calling thread.
    func perform(_ text: String) throws(PostgresError) {
        guard let result = unsafe crane_PQexec(handle, text) else {
            throw PostgresError(.unavailable, message: message)
        }
        defer { unsafe crane_PQclear(result) }
        if let error = unsafe Self.error(of: result) { throw error }
    }

    /// Carries one statement out on the calling thread.
    func query(_ query: PostgresQuery) throws(PostgresError) -> PostgresRows {
        let parameters = query.parameters
        // Copies that end in 0, which libpq does not need, and live for the call.
        var start = 0
        let values = unsafe parameters.lengths.map { length -> UnsafeMutablePointer<CChar>? in
            if length < 0 { return nil }
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: Int(length) + 1)
            for place in 0..<Int(length) {
                unsafe (copy + place).initialize(to: CChar(bitPattern: parameters.bytes[start + place]))
            }
            start += Int(length)
            return unsafe copy
        }
        defer { for place in unsafe values.indices { unsafe values[place]?.deallocate() } }
        let formats = [Int32](repeating: 1, count: parameters.count)
        let result = unsafe crane_PQexecParams(
            handle, query.text, Int32(clamping: parameters.count), parameters.types,
            values.map { unsafe UnsafePointer($0) }, parameters.lengths, formats, 1)
        guard let result = unsafe result else { throw PostgresError(.unavailable, message: message) }
        if let error = unsafe Self.error(of: result) {
            unsafe crane_PQclear(result)
            throw error
        }
        return unsafe PostgresRows(result)
    }

    /// What libpq says of the connection, in one line.
    var message: String {
        // The text is libpq's own, and ends in 0.
        unsafe Self.line(String(cString: crane_PQerrorMessage(handle)))
    }

    /// Whether rows would be copied now, in which state a connection answers nothing else.
    static func isCopying(_ status: ExecStatusType) -> Bool {
        switch status {
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: true
        default: false
        }
    }

    /// The error that a result is; `nil` for a good one.
    static func error(of result: OpaquePointer) -> PostgresError? {
        switch unsafe crane_PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return nil
        case let status where isCopying(status):
            return PostgresError(.refused, message: "COPY is not for this call")
        default: break
        }
        // Fields are the result's, and end in 0.
        func field(_ code: UInt8) -> String? {
            unsafe crane_PQresultErrorField(result, Int32(code)).map { unsafe String(cString: $0) }
        }
        let whole = unsafe String(cString: crane_PQresultErrorMessage(result))
        let message = field(UInt8(ascii: "M")) ?? whole
        guard let state = field(UInt8(ascii: "C")) else {
            return PostgresError(.unavailable, message: line(message))
        }
        return PostgresError(sqlState: state, constraint: field(UInt8(ascii: "n")), message: line(message))
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}
