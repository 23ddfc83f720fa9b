import CSQLite

/// A connection as any other program would open one, around this module.
@safe
final class TestConnection {
    private var handle: OpaquePointer?

    struct OpeningFailed: Error {}

    init(_ path: String) throws {
        guard unsafe sqlite3_open(path, &handle) == SQLITE_OK else {
            throw OpeningFailed()
        }
    }

    /// SQLite's result code, and the first column of the first row, if any.
    @discardableResult
    func execute(_ sql: String) -> Int32 {
        unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    }

    /// The first column of every row.
    func texts(_ sql: String) -> [String]? {
        var statement: OpaquePointer?
        guard unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            return nil
        }
        defer { unsafe sqlite3_finalize(statement) }
        var texts: [String] = []
        while true {
            switch unsafe sqlite3_step(statement) {
            case SQLITE_ROW:
                let text = unsafe sqlite3_column_text(statement, 0)
                texts.append(unsafe text.map { unsafe String(cString: $0) } ?? "NULL")
            case SQLITE_DONE: return texts
            default: return nil
            }
        }
    }

    /// The first column of every row, as far as there are rows.
    func integers(_ sql: String) -> [Int] {
        var statement: OpaquePointer?
        guard unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            return []
        }
        defer { unsafe sqlite3_finalize(statement) }
        var integers: [Int] = []
        while unsafe sqlite3_step(statement) == SQLITE_ROW {
            integers.append(Int(unsafe sqlite3_column_int64(statement, 0)))
        }
        return integers
    }

    func close() {
        unsafe sqlite3_close(handle)
        unsafe handle = nil
    }
}
