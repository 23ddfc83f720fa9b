import CSQLite

/// A prepared SQL statement of one ``Connection``.
///
/// Bind its parameters, `step()` through its rows, and read each row's columns. It belongs to the thread that
/// runs the body it was prepared in, and is reset when that body ends.
@safe
public final class Statement {
    // Finalised in `deinit` only; `sqlite3_close_v2` keeps the connection's memory until then.
    let handle: OpaquePointer
    let isReadOnly: Bool
    // One thread has the statement at a time, and nothing here calls out while it changes: nothing is left for run-time exclusivity
    // checks to find.
    /// The statement has been stepped and not reset since.
    @safe @exclusivity(unchecked) var isRunning = false
    /// The connection will reset this statement when the current body ends.
    @safe @exclusivity(unchecked) var isListed = false
    @safe @exclusivity(unchecked) var nextUsed: Statement?
    @safe @exclusivity(unchecked) var hasBindings = false
    /// When it was last prepared, for the cache to choose what to drop.
    @safe @exclusivity(unchecked) var lastUse: UInt64 = 0
    /// The names of the columns and of the parameters, once somebody has asked for one.
    @safe @exclusivity(unchecked) private var columns: StatementNames?
    @safe @exclusivity(unchecked) private var parameters: StatementNames?
    /// Where the columns of the record that was read last stand, and which parameters the members bound last have.
    @safe @exclusivity(unchecked) var resultPlaces: Places?
    @safe @exclusivity(unchecked) var parameterPlaces: Places?
    /// The text and the blobs that are bound, one buffer a parameter.
    @safe @exclusivity(unchecked) var buffers: [BindingBuffer] = []

    init(handle: OpaquePointer) {
        unsafe self.handle = unsafe handle
        isReadOnly = unsafe sqlite3_stmt_readonly(handle) != 0
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    /// Goes to the next row; false after the last one, when the statement is ready to be run again.
    ///
    /// - Throws: what SQLite answered; a failed statement has changed nothing.
    public func step() throws(DatabaseError) -> Bool {
        isRunning = true
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW {
            return true
        }
        guard code == SQLITE_DONE else {
            let error = error()
            reset()
            throw error
        }
        reset()
        return false
    }

    /// Runs a statement whose rows, if any, do not matter.
    public func run() throws(DatabaseError) {
        while try step() {}
    }

    /// Goes back before the first row; the bound values stay.
    public func reset() {
        if isRunning {
            isRunning = false
            unsafe sqlite3_reset(handle)
        }
    }

    /// Forgets the last run and its values, before the statement is handed out again.
    func renew() {
        reset()
        if hasBindings {
            hasBindings = false
            unsafe sqlite3_clear_bindings(handle)
        }
    }

    /// Where the column stands in the result, from 0; throws `misuse` where there is none.
    func place(of column: String) throws(DatabaseError) -> Int32 {
        if columns == nil {
            let count = unsafe sqlite3_column_count(handle)
            columns = StatementNames((0..<count).map { name(at: $0) })
        }
        if let place = columns?.place(of: column) { return Int32(truncatingIfNeeded: place) }
        let names = columns?.all.joined(separator: ", ") ?? ""
        throw DatabaseError(.misuse, message: "there is no column \(column) in the result, but \(names)")
    }

    /// The parameter's number, from 1; 0 for none.
    func number(ofParameter name: String) -> Int32 {
        if parameters == nil {
            let count = unsafe sqlite3_bind_parameter_count(handle)
            parameters = StatementNames(
                (0..<count).map { number in
                    // One that has only a number has no name.
                    guard let name = unsafe sqlite3_bind_parameter_name(handle, number + 1) else { return "" }
                    return unsafe String(cString: name + 1)
                })
        }
        return Int32(truncatingIfNeeded: (parameters?.place(of: name) ?? -1) + 1)
    }

    func error() -> DatabaseError {
        let database = unsafe sqlite3_db_handle(handle)
        return unsafe DatabaseError(
            code: sqlite3_extended_errcode(database), message: String(cString: sqlite3_errmsg(database)))
    }
}
