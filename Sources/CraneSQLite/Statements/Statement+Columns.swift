import CSQLite
public import CraneSchema

// Columns are known by their names in the result. They hold the row that `step()` went to last, and convert as SQLite does
// (https://sqlite.org/c3ref/column_blob.html): NULL reads as 0, "" or no bytes. Each throws `misuse` where the result has no
// such column; a look-up costs some 20 ns.
extension Statement {
    /// Whether the column is NULL.
    public func isNull(_ column: String) throws(DatabaseError) -> Bool {
        isNull(at: try place(of: column))
    }

    /// The column as an integer.
    public func int(_ column: String) throws(DatabaseError) -> Int {
        int(at: try place(of: column))
    }

    /// The column as a floating-point number.
    public func double(_ column: String) throws(DatabaseError) -> Double {
        double(at: try place(of: column))
    }

    /// The column as text; bytes that are not UTF-8 are replaced by U+FFFD.
    public func text(_ column: String) throws(DatabaseError) -> String {
        text(at: try place(of: column))
    }

    /// The column as a blob.
    public func blob(_ column: String) throws(DatabaseError) -> [UInt8] {
        unsafe Array(bytes(at: try place(of: column)))
    }

    /// The column as a value of a described type, `Int?` or `Timestamp` for instance.
    ///
    /// - Throws: `other` where the column holds none of its values.
    public func value<Value: SchemaRepresentable>(
        _ column: String, as type: Value.Type
    ) throws(DatabaseError) -> Value {
        let schema = Value.schema
        let stored = columnValue(at: try place(of: column), schema.columnType)
        guard let value = schema.value(ofColumn: stored) else { throw Self.mismatch(column) }
        return value
    }

    /// Lends the column's text without a copy.
    public func withUTF8<R>(
        _ column: String, _ body: (Span<UInt8>) throws(DatabaseError) -> R
    ) throws(DatabaseError) -> R {
        // SQLite's bytes are good until the next step.
        try body(unsafe utf8(at: try place(of: column)).span)
    }

    /// Lends the column's blob without a copy.
    public func withBlob<R>(
        _ column: String, _ body: (Span<UInt8>) throws(DatabaseError) -> R
    ) throws(DatabaseError) -> R {
        // As above.
        try body(unsafe bytes(at: try place(of: column)).span)
    }

    @usableFromInline
    static func mismatch(_ column: String) -> DatabaseError {
        DatabaseError(.other, message: "what stands in the column \(column) is no value of its type")
    }
}

// The same by number, from 0, within this module.
extension Statement {
    func name(at place: Int32) -> String {
        guard let name = unsafe sqlite3_column_name(handle, place) else {
            return ""
        }
        return unsafe String(cString: name)
    }

    func isNull(at place: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, place) == SQLITE_NULL
    }

    func int(at place: Int32) -> Int {
        Int(truncatingIfNeeded: unsafe sqlite3_column_int64(handle, place))
    }

    func double(at place: Int32) -> Double {
        unsafe sqlite3_column_double(handle, place)
    }

    func text(at place: Int32) -> String {
        unsafe String(decoding: utf8(at: place), as: UTF8.self)
    }

    /// The value as a column of this type holds it.
    @usableFromInline
    func columnValue(at place: Int32, _ type: ColumnType) -> ColumnValue {
        if type.isNullable, isNull(at: place) {
            return .null
        }
        return switch type.storage {
        case .integer, .boolean, .timestamp: .integer(int(at: place))
        case .real: .real(double(at: place))
        case .text, .json: .text(text(at: place))
        }
    }

    /// The column's text in SQLite's own memory, good only until the next `step`, `reset` or other read of the
    /// same column as another type.
    @unsafe
    func utf8(at place: Int32) -> UnsafeBufferPointer<UInt8> {
        // The column is looked for once, where `sqlite3_column_text` and `sqlite3_column_bytes` would do it each; one thread has the
        // connection. The text first, then its length: the order that SQLite asks for.
        let value = unsafe sqlite3_column_value(handle, place)
        let start = unsafe sqlite3_value_text(value)
        return unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
    }

    /// The column's blob in SQLite's own memory, good as long as its text.
    @unsafe
    func bytes(at place: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = unsafe sqlite3_column_blob(handle, place)
        let count = unsafe Int(sqlite3_column_bytes(handle, place))
        return unsafe UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count)
    }
}
