import CSQLite
public import CraneSchema

// Parameters are known by their names, without the colon that stands before them in SQL. Every `bind` throws `misuse` when
// there is no such parameter, and a bound value stays until it is replaced or the statement is prepared anew.
extension Statement {
    /// Binds a value of a described type: a number, text, `Bool`, `Timestamp`, an optional, a list as its JSON.
    ///
    /// SQLite takes NaN for NULL. The bytes of text are copied to memory that the statement keeps.
    @inlinable
    public func bind<Value: SchemaRepresentable>(_ parameter: String, _ value: Value) throws(DatabaseError) {
        try bind(Value.schema.columnValue(value), at: place(ofParameter: parameter))
    }

    /// Binds a blob; the bytes are copied.
    public func bind(_ parameter: String, _ bytes: [UInt8]) throws(DatabaseError) {
        try bind(parameter, blob: bytes.span)
    }

    /// Binds a blob or NULL.
    public func bind(_ parameter: String, _ bytes: [UInt8]?) throws(DatabaseError) {
        guard let bytes else { return try bind(.null, at: place(ofParameter: parameter)) }
        try bind(parameter, blob: bytes.span)
    }

    /// Binds a blob; the bytes are copied.
    public func bind(_ parameter: String, blob bytes: Span<UInt8>) throws(DatabaseError) {
        let place = try place(ofParameter: parameter)
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bindBytes(bytes, at: place, isText: false)
        }
        try check(code)
    }

    /// Binds UTF-8 text; the bytes are copied, and not checked.
    public func bind(_ parameter: String, utf8 bytes: Span<UInt8>) throws(DatabaseError) {
        let place = try place(ofParameter: parameter)
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bindBytes(bytes, at: place, isText: true)
        }
        try check(code)
    }

    /// The parameter's number, from 1.
    @usableFromInline
    func place(ofParameter name: String) throws(DatabaseError) -> Int32 {
        let place = number(ofParameter: name)
        if place > 0 { return place }
        throw DatabaseError(.misuse, message: "there is no parameter :\(name) in the statement")
    }
}

// The same by number, from 1, within this module.
extension Statement {
    @usableFromInline
    func bind(_ value: ColumnValue, at place: Int32) throws(DatabaseError) {
        switch value {
        case .integer(let number): try bind(number, at: place)
        case .text(let text): try bind(text, at: place)
        case .real(let number):
            prepareToBind()
            try check(unsafe sqlite3_bind_double(handle, place, number))
        case .null:
            prepareToBind()
            try check(unsafe sqlite3_bind_null(handle, place))
        }
    }

    func bind(_ value: Int, at place: Int32) throws(DatabaseError) {
        prepareToBind()
        try check(unsafe sqlite3_bind_int64(handle, place, Int64(value)))
    }

    func bind(_ value: String, at place: Int32) throws(DatabaseError) {
        // `utf8.withContiguousStorageIfAvailable` fails only for bridged strings, which Linux has not.
        let code: Int32? = unsafe value.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe bindBytes(UnsafeRawBufferPointer(bytes), at: place, isText: true)
        }
        if let code {
            try check(code)
        } else {
            let code = unsafe Array(value.utf8).withUnsafeBytes { bytes in
                unsafe bindBytes(bytes, at: place, isText: true)
            }
            try check(code)
        }
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
