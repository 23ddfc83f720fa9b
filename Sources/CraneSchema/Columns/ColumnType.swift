/// How a database keeps the values of a schema, one column each.
public struct ColumnType: Hashable, Sendable {
    /// What stands in the column.
    public enum Storage: Hashable, Sendable {
        /// A whole number of 64 bits.
        case integer
        case boolean
        /// A floating-point number of double precision.
        case real
        case text
        /// A point in time, to the microsecond.
        case timestamp
        /// The value's JSON, for whatever is none of the others.
        case json
    }

    public let storage: Storage
    /// Whether the column may hold NULL.
    public let isNullable: Bool

    @inlinable
    public init(_ storage: Storage, isNullable: Bool = false) {
        self.storage = storage
        self.isNullable = isNullable
    }
}

/// A value on its way between a schema and a column: a time is an integer of microseconds since 1970 here, a truth value 0 or 1.
public enum ColumnValue: Hashable, Sendable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)
}

/// One column of a table.
public struct Column: Hashable, Sendable {
    /// Its name, which is the member's in JSON.
    public let name: String
    public let type: ColumnType
    /// What a row has there that is made without it; `nil` where it must be given.
    public let fallback: ColumnValue?
}

/// A row holds what is no value of the field of that name.
public struct ColumnMismatch: Error, Hashable {
    public let name: String

    @usableFromInline
    init(name: String) {
        self.name = name
    }
}

extension Schema {
    public var columnType: ColumnType { ColumnType(.json) }

    public func columnValue(_ value: Value) -> ColumnValue {
        .text(String(decoding: encode(value), as: UTF8.self))
    }

    public func value(ofColumn column: ColumnValue) -> Value? {
        guard case .text(let json) = column else { return nil }
        return try? decode(Array(json.utf8))
    }
}

/// A text is kept as it is.
extension Schema where Value == String {
    @inlinable public var columnType: ColumnType { ColumnType(.text) }

    @inlinable
    public func columnValue(_ value: String) -> ColumnValue { .text(value) }

    @inlinable
    public func value(ofColumn column: ColumnValue) -> String? {
        guard case .text(let text) = column else { return nil }
        return text
    }
}
