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
    /// The statement has been stepped and not reset since.
    var isRunning = false
    /// The connection will reset this statement when the current body ends.
    var isListed = false
    var nextUsed: Statement?
    var hasBindings = false
    /// When it was last prepared, for the cache to choose what to drop.
    var lastUse: UInt64 = 0
    /// The names of the columns and of the parameters, once somebody has asked for one.
    var columnNames: [String] = []
    var parameterNames: [String] = []
    /// Where the columns of the record that was read last stand, and which parameters the members bound last have.
    var resultPlaces: Places?
    var parameterPlaces: Places?
    /// The text and the blobs that are bound, one buffer a parameter.
    var buffers: [BindingBuffer] = []

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

    func error() -> DatabaseError {
        let database = unsafe sqlite3_db_handle(handle)
        return unsafe DatabaseError(
            code: sqlite3_extended_errcode(database), message: String(cString: sqlite3_errmsg(database)))
    }
}
