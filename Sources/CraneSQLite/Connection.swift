import CSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One connection to the database, lent to the body of a read or a write and good only within it.
@safe
public final class Connection {
    // Opened without SQLite's own mutex: whoever holds the connection's lock is the only one to use it.
    let handle: OpaquePointer
    let isInMemory: Bool
    // The file's methods that keep the writer's locks; freed once SQLite has closed the file.
    var keptMethods: UnsafeMutableRawPointer?
    // Keeps a second writer out also when the file with SQLite's own locks has been removed.
    var walLock: FileLock?
    private(set) var isClosed = false
    /// The body may change the database; elsewhere only statements that read are handed out.
    var allowsChanges: Bool
    var cache = StatementCache()
    /// The statements handed out to the current body, linked by `nextUsed`.
    private var firstUsed: Statement?

    /// Opens the file, or a database in memory when `path` is nil.
    ///
    /// - Parameters:
    ///   - creating: whether a connection that writes makes a file that is not there.
    ///   - vfs: the name of SQLite's file system to use; its default when nil.
    init(path: String?, isReader: Bool, creating: Bool = true, vfs: String? = nil) throws(DatabaseError) {
        isInMemory = path == nil
        allowsChanges = !isReader
        _ = Self.process
        let creation = creating ? SQLITE_OPEN_CREATE : 0
        let access = isReader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | creation
        var opened: OpaquePointer?
        // The extended result codes from the first call on, and no SQLite mutex.
        let code = unsafe sqlite3_open_v2(
            path ?? ":memory:", &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs)
        guard let database = unsafe opened else {
            throw DatabaseError(code: code, message: "out of memory")
        }
        guard code == SQLITE_OK else {
            var message = unsafe String(cString: sqlite3_errmsg(database))
            // What the system said, as far as it was asked.
            let reason = unsafe sqlite3_system_errno(database)
            if reason != 0 {
                message += unsafe ": \(String(cString: strerror(reason)))"
            }
            unsafe sqlite3_close_v2(database)
            throw DatabaseError(code: code, message: message)
        }
        unsafe handle = unsafe database
    }

    deinit {
        close()
    }

    /// Finalises the statements and closes the file.
    func close() {
        guard !isClosed else {
            return
        }
        isClosed = true
        finishBody()
        cache.removeAll()
        if unsafe sqlite3_close(handle) == SQLITE_OK {
            unsafe keptMethods?.deallocate()
        } else {
            // A statement that escaped its body keeps the file open, and so its methods too.
            unsafe sqlite3_close_v2(handle)
        }
        walLock = nil
    }

    /// The prepared statement for this SQL, reset and without bound values, kept from call to call.
    ///
    /// Preparing the same SQL again in one body gives the same statement and restarts it. A hit costs some 30 ns.
    public func prepare(_ sql: StaticString) throws(DatabaseError) -> Statement {
        let statement = try find(sql)
        try handOut(statement)
        return statement
    }

    /// The prepared statement for SQL that is put together at run time; a hit costs about 50 ns.
    @_disfavoredOverload
    public func prepare(_ sql: String) throws(DatabaseError) -> Statement {
        let statement = try find(sql)
        try handOut(statement)
        return statement
    }

    /// Runs a script of any number of statements, which are not kept.
    public func execute(_ script: String) throws(DatabaseError) {
        if !allowsChanges {
            throw Self.refusal
        }
        if unsafe sqlite3_exec(handle, script, nil, nil, nil) != SQLITE_OK {
            throw error()
        }
    }

    /// The rows that the last INSERT, UPDATE or DELETE changed.
    public var changes: Int {
        Int(unsafe sqlite3_changes64(handle))
    }

    /// The row id that the last INSERT gave.
    public var lastInsertRowID: Int64 {
        unsafe sqlite3_last_insert_rowid(handle)
    }

    /// Whether a transaction is open.
    var isInTransaction: Bool {
        unsafe sqlite3_get_autocommit(handle) == 0
    }

    /// Takes back the statements that the body used, so that none stays in the middle of its rows.
    func finishBody() {
        while let statement = firstUsed {
            firstUsed = statement.nextUsed
            statement.nextUsed = nil
            statement.isListed = false
            statement.reset()
        }
    }

    /// What went wrong in the last call.
    func error() -> DatabaseError {
        unsafe DatabaseError(
            code: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
    }

    /// Runs one of the module's own statements, whoever holds the connection.
    func run(_ sql: StaticString) throws(DatabaseError) {
        try find(sql).run()
    }

    /// Compiles SQL outside the cache.
    func compile(_ sql: String) throws(DatabaseError) -> Statement {
        var compiled: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK else {
            throw error()
        }
        guard let statement = unsafe compiled else {
            throw DatabaseError(.other, message: "there is no statement in \"\(sql)\"")
        }
        return unsafe Statement(handle: statement)
    }

    private func find(_ sql: StaticString) throws(DatabaseError) -> Statement {
        if let statement = cache.statement(for: sql) {
            return statement
        }
        let statement = try find(sql.description)
        cache.remember(statement, for: sql)
        return statement
    }

    private func find(_ sql: String) throws(DatabaseError) -> Statement {
        if let statement = cache.statement(for: sql) {
            return statement
        }
        let statement = try compile(sql)
        cache.insert(statement, for: sql)
        return statement
    }

    private func handOut(_ statement: Statement) throws(DatabaseError) {
        if !allowsChanges, !statement.isReadOnly {
            throw Self.refusal
        }
        statement.renew()
        if !statement.isListed {
            statement.isListed = true
            statement.nextUsed = firstUsed
            firstUsed = statement
        }
    }

    private static var refusal: DatabaseError {
        DatabaseError(code: SQLITE_READONLY, message: "a read may not change the database")
    }

    /// What SQLite is told once in the life of the process, before the first connection.
    private static let process: Void = {
        _ = crane_sqlite3_disable_memory_statistics()
        sqlite3_initialize()
    }()
}
