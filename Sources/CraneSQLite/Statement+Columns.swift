import CSQLite

// Columns are numbered from 0. They hold the row that `step()` went to last, and convert as SQLite does
// (https://sqlite.org/c3ref/column_blob.html): NULL reads as 0, "" or no bytes.
extension Statement {
    /// How many columns a row has.
    public var columnCount: Int32 {
        unsafe sqlite3_column_count(handle)
    }

    /// The column's name in the result.
    public func name(at column: Int32) -> String {
        guard let name = unsafe sqlite3_column_name(handle, column) else {
            return ""
        }
        return unsafe String(cString: name)
    }

    /// Whether the column is NULL.
    public func isNull(at column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// The column as an integer.
    public func int(at column: Int32) -> Int {
        Int(truncatingIfNeeded: unsafe sqlite3_column_int64(handle, column))
    }

    /// The column as a 64-bit integer.
    public func int64(at column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    /// The column as a floating-point number.
    public func double(at column: Int32) -> Double {
        unsafe sqlite3_column_double(handle, column)
    }

    /// The column as text; bytes that are not UTF-8 are replaced by U+FFFD.
    public func text(at column: Int32) -> String {
        unsafe String(decoding: utf8(at: column), as: UTF8.self)
    }

    /// The column as a blob.
    public func blob(at column: Int32) -> [UInt8] {
        unsafe Array(bytes(at: column))
    }

    /// The column as an integer, nil when it is NULL.
    public func intIfPresent(at column: Int32) -> Int? {
        isNull(at: column) ? nil : int(at: column)
    }

    /// The column as a 64-bit integer, nil when it is NULL.
    public func int64IfPresent(at column: Int32) -> Int64? {
        isNull(at: column) ? nil : int64(at: column)
    }

    /// The column as a floating-point number, nil when it is NULL.
    public func doubleIfPresent(at column: Int32) -> Double? {
        isNull(at: column) ? nil : double(at: column)
    }

    /// The column as text, nil when it is NULL.
    public func textIfPresent(at column: Int32) -> String? {
        isNull(at: column) ? nil : text(at: column)
    }

    /// The column as a blob, nil when it is NULL.
    public func blobIfPresent(at column: Int32) -> [UInt8]? {
        isNull(at: column) ? nil : blob(at: column)
    }

    /// Lends the column's text without a copy.
    public func withUTF8<R, E: Error>(
        at column: Int32, _ body: (Span<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        try body(unsafe utf8(at: column).span)
    }

    /// Lends the column's blob without a copy.
    public func withBlob<R, E: Error>(
        at column: Int32, _ body: (Span<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        try body(unsafe bytes(at: column).span)
    }

    /// The column's text in SQLite's own memory, good only until the next `step`, `reset` or other read of the
    /// same column as another type.
    @unsafe
    public func utf8(at column: Int32) -> UnsafeBufferPointer<UInt8> {
        // The text first, then its length: the order that SQLite asks for.
        let start = unsafe sqlite3_column_text(handle, column)
        return unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    /// The column's blob in SQLite's own memory, good only until the next `step`, `reset` or other read of the
    /// same column as another type.
    @unsafe
    public func bytes(at column: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count)
    }
}
