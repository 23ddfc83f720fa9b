import CSQLite

// Parameters are numbered from 1, as in SQL. Every `bind` throws when there is no such parameter, and a bound
// value stays until it is replaced or the statement is prepared anew.
extension Statement {
    /// Binds an integer.
    public func bind(_ value: Int, at parameter: Int32) throws(DatabaseError) {
        try bind(Int64(value), at: parameter)
    }

    /// Binds an integer.
    public func bind(_ value: Int64, at parameter: Int32) throws(DatabaseError) {
        prepareToBind()
        try check(unsafe sqlite3_bind_int64(handle, parameter, value))
    }

    /// Binds a floating-point number; SQLite takes NaN for NULL.
    public func bind(_ value: Double, at parameter: Int32) throws(DatabaseError) {
        prepareToBind()
        try check(unsafe sqlite3_bind_double(handle, parameter, value))
    }

    /// Binds text; its bytes are copied to memory that the statement keeps.
    public func bind(_ value: String, at parameter: Int32) throws(DatabaseError) {
        // `utf8.withContiguousStorageIfAvailable` fails only for bridged strings, which Linux has not.
        let code: Int32? = unsafe value.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe bindBytes(UnsafeRawBufferPointer(bytes), at: parameter, isText: true)
        }
        if let code {
            try check(code)
        } else {
            let code = unsafe Array(value.utf8).withUnsafeBytes { bytes in
                unsafe bindBytes(bytes, at: parameter, isText: true)
            }
            try check(code)
        }
    }

    /// Binds UTF-8 text; the bytes are copied, and not checked.
    public func bind(utf8 bytes: Span<UInt8>, at parameter: Int32) throws(DatabaseError) {
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bindBytes(bytes, at: parameter, isText: true)
        }
        try check(code)
    }

    /// Binds a blob; the bytes are copied.
    public func bind(_ bytes: [UInt8], at parameter: Int32) throws(DatabaseError) {
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bindBytes(bytes, at: parameter, isText: false)
        }
        try check(code)
    }

    /// Binds a blob; the bytes are copied.
    public func bind(blob bytes: Span<UInt8>, at parameter: Int32) throws(DatabaseError) {
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bindBytes(bytes, at: parameter, isText: false)
        }
        try check(code)
    }

    /// Binds NULL.
    public func bindNull(at parameter: Int32) throws(DatabaseError) {
        prepareToBind()
        try check(unsafe sqlite3_bind_null(handle, parameter))
    }

    /// Binds an integer or NULL.
    public func bind(_ value: Int?, at parameter: Int32) throws(DatabaseError) {
        if let value { try bind(value, at: parameter) } else { try bindNull(at: parameter) }
    }

    /// Binds an integer or NULL.
    public func bind(_ value: Int64?, at parameter: Int32) throws(DatabaseError) {
        if let value { try bind(value, at: parameter) } else { try bindNull(at: parameter) }
    }

    /// Binds a floating-point number or NULL.
    public func bind(_ value: Double?, at parameter: Int32) throws(DatabaseError) {
        if let value { try bind(value, at: parameter) } else { try bindNull(at: parameter) }
    }

    /// Binds text or NULL.
    public func bind(_ value: String?, at parameter: Int32) throws(DatabaseError) {
        if let value { try bind(value, at: parameter) } else { try bindNull(at: parameter) }
    }

    /// Binds a blob or NULL.
    public func bind(_ bytes: [UInt8]?, at parameter: Int32) throws(DatabaseError) {
        if let bytes { try bind(bytes, at: parameter) } else { try bindNull(at: parameter) }
    }

    /// SQLite refuses to bind while a statement runs.
    private func prepareToBind() {
        reset()
        hasBindings = true
    }

    private func check(_ code: Int32) throws(DatabaseError) {
        if code != SQLITE_OK {
            throw error()
        }
    }

    private func bindBytes(_ bytes: UnsafeRawBufferPointer, at parameter: Int32, isText: Bool) -> Int32 {
        prepareToBind()
        if buffers.isEmpty {
            let count = unsafe sqlite3_bind_parameter_count(handle)
            buffers = (0..<count).map { _ in BindingBuffer() }
        }
        let index = Int(parameter) - 1
        // SQLite is left to refuse a parameter that is out of range.
        let copy = unsafe buffers.indices.contains(index) ? buffers[index].hold(bytes) : nil
        let count = sqlite3_uint64(bytes.count)
        return unsafe isText
            ? sqlite3_bind_text64(
                handle, parameter, copy?.assumingMemoryBound(to: CChar.self), count, nil, UInt8(SQLITE_UTF8))
            : sqlite3_bind_blob64(handle, parameter, copy, count, nil)
    }
}
