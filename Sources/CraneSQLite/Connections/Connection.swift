import CSQLite
import CraneSystem

/// One connection to the database, lent to the body of a read or a write and good only within it.
@safe
public final class Connection {
    // Opened without SQLite's own mutex: whoever holds the connection's lock is the only one to use it.
    let handle: OpaquePointer
    let isInMemory: Bool
    let number = Connection.nextNumber()
    // The file's methods that keep the writer's locks; freed once SQLite has closed the file.
    var keptMethods: UnsafeMutableRawPointer?
    // Keeps a second writer out, by whatever name it comes.
    var owner: FileOwner?
    /// The file as it is counted in ``OpenFiles``; nil in memory and behind a descriptor.
    private(set) var file: FileIdentity?
    private(set) var isClosed = false
    // As in a statement.
    /// The body may change the database; elsewhere only statements that read are handed out.
    @safe @exclusivity(unchecked) var allowsChanges: Bool
    @safe @exclusivity(unchecked) var cache = StatementCache()
    /// How often something was undone that a body had changed.
    @safe @exclusivity(unchecked) private(set) var undone = 0
    /// What the observer of the commits is told of the transaction that is open.
    @safe @exclusivity(unchecked) var notes: [any Sendable] = []
    /// The statements handed out to the current body, linked by `nextUsed`.
    @safe @exclusivity(unchecked) private var firstUsed: Statement?

    /// What a connection is opened on.
    enum Target {
        case memory
        /// A file that is there, by its path.
        case path(String)
        /// A file that is there and that nobody writes to: neither locks nor a log are looked for.
        case unchanging(String)
        /// The file that this process owns, made by its owner.
        case owned(FileOwner)
        /// A plain file that is open, and stays so; without locks, log and journal.
        case descriptor(Int32)
    }

    /// Opens a database.
    ///
    /// - Parameter vfs: the name of SQLite's file system to use; its default when nil.
    init(_ target: Target, isReader: Bool, vfs: String? = nil) throws(DatabaseError) {
        _ = Self.process
        allowsChanges = !isReader
        isInMemory = if case .memory = target { true } else { false }
        var access = isReader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        let name: String
        var fileSystem = vfs
        switch target {
        case .memory: name = ":memory:"
        case .path(let path):
            name = try Self.literal(path)
            file = FileIdentity(of: path)
        case .unchanging(let path):
            name = try Self.unchanging(path)
            access |= SQLITE_OPEN_URI
            file = FileIdentity(of: path)
        case .owned(let owner):
            name = owner.place.path
            // No link has come into its way since; SQLite's other files take the file's owner and mode.
            access |= SQLITE_OPEN_NOFOLLOW | (isReader ? 0 : SQLITE_OPEN_CREATE)
            file = owner.identity
        case .descriptor(let descriptor):
            name = "\(descriptor)"
            fileSystem = DescriptorFileSystem.name
        }
        if let file { OpenFiles.enter(file) }
        do {
            unsafe handle = try Self.opened(name, access | SQLITE_OPEN_NOMUTEX, fileSystem)
        } catch {
            if let file { OpenFiles.leave(file) }
            throw error
        }
        if case .owned(let owner) = target {
            guard owner.holdsName else {
                throw DatabaseError(.moved, message: "\(owner.place.path) has been moved or removed")
            }
            if !isReader { self.owner = owner }
        }
    }

    private static func opened(
        _ name: String, _ access: Int32, _ vfs: String?
    ) throws(DatabaseError) -> OpaquePointer {
        var opened: OpaquePointer?
        // The extended result codes from the first call on, and no SQLite mutex.
        let code = unsafe sqlite3_open_v2(name, &opened, access | SQLITE_OPEN_EXRESCODE, vfs)
        guard let database = unsafe opened else {
            throw DatabaseError(code: code, message: "out of memory")
        }
        guard code == SQLITE_OK else {
            var message = unsafe String(cString: sqlite3_errmsg(database))
            // What the system said, as far as it was asked.
            let reason = unsafe sqlite3_system_errno(database)
            if reason != 0 {
                message += ": \(SystemError(reason))"
            }
            unsafe sqlite3_close_v2(database)
            throw DatabaseError(code: code, message: message)
        }
        return unsafe database
    }

    /// A name that SQLite reads as it is, and not as a URI or a database of its own making.
    private static func literal(_ path: String) throws(DatabaseError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw DatabaseError(.cannotOpen, message: "a file's name is not empty and has no NUL in it")
        }
        return path.utf8.first == UInt8(ascii: "/") ? path : "./" + path
    }

    /// A URI (https://sqlite.org/uri.html) that says that nothing is written.
    private static func unchanging(_ path: String) throws(DatabaseError) -> String {
        var uri = "file:"
        for byte in try literal(path).utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."):
                uri.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                uri += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return uri + "?immutable=1"
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
            if let file { OpenFiles.leave(file) }
        } else {
            // A statement that escaped its body keeps the file open, and so its methods too.
            unsafe sqlite3_close_v2(handle)
        }
        owner = nil
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

    /// The prepared statement for SQL that was put together once; a hit costs as much as one of a literal.
    public func prepare(_ sql: SQL) throws(DatabaseError) -> Statement {
        try prepare(StatementCache.Key(sql)) { sql.text }
    }

    /// The prepared statement that is found by `key`, or else by the text of `sql`.
    func prepare(
        _ key: StatementCache.Key, _ sql: () throws(DatabaseError) -> String
    ) throws(DatabaseError) -> Statement {
        let statement = try find(key, sql)
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

    /// The rows that have been changed since the connection was opened, those by triggers among them.
    var totalChanges: Int64 { unsafe sqlite3_total_changes64(handle) }

    /// The row id that the last INSERT gave.
    public var lastInsertRowID: Int64 {
        unsafe sqlite3_last_insert_rowid(handle)
    }

    /// Whether a transaction is open.
    var isInTransaction: Bool {
        unsafe sqlite3_get_autocommit(handle) == 0
    }

    /// Undoes what the open transaction has changed, and ends it.
    func rollBack() throws(DatabaseError) {
        undone += 1
        // Some errors (full disk, I/O, RAISE(ROLLBACK)) have ended it.
        if isInTransaction { try run("ROLLBACK") }
    }

    /// Undoes what has been changed since the savepoint `crane_write`.
    func rollBackToSavepoint() throws(DatabaseError) {
        undone += 1
        try run("ROLLBACK TO crane_write")
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
        guard let key = StatementCache.Key(sql) else {
            return try find(sql.description)
        }
        return try find(key) { sql.description }
    }

    private func find(
        _ key: StatementCache.Key, _ sql: () throws(DatabaseError) -> String
    ) throws(DatabaseError) -> Statement {
        if let statement = cache.statement(for: key) {
            return statement
        }
        let statement = try find(try sql())
        cache.remember(statement, for: key)
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
