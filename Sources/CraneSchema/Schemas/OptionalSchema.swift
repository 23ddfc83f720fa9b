/// The schema of a value that may be `null`.
public struct OptionalSchema<Wrapped: Schema>: Schema {
    @usableFromInline let wrapped: Wrapped

    @inlinable
    init(_ wrapped: Wrapped) {
        self.wrapped = wrapped
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Wrapped.Value? {
        if try reader.takesNull() { return .none }
        return try wrapped.read(&reader)
    }

    @inlinable
    public func read(text: String) -> Wrapped.Value?? {
        wrapped.read(text: text).map { .some($0) }
    }

    @inlinable
    public func write(_ value: Wrapped.Value?, to writer: inout JSONWriter) {
        if let value { wrapped.write(value, to: &writer) } else { writer.null() }
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Wrapped.Value?? {
        if input.isNull { return .some(.none) }
        return wrapped.validate(input, &validation).map { .some($0) }
    }

    @inlinable public var columnType: ColumnType {
        ColumnType(wrapped.columnType.storage, isNullable: true)
    }

    @inlinable
    public func columnValue(_ value: Wrapped.Value?) -> ColumnValue {
        value.map { wrapped.columnValue($0) } ?? .null
    }

    @inlinable
    public func value(ofColumn column: ColumnValue) -> Wrapped.Value?? {
        if case .null = column { return .some(.none) }
        return wrapped.value(ofColumn: column).map { .some($0) }
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        let schema = wrapped.jsonSchema(&components)
        return components.isWritten ? ["anyOf": [schema, ["type": "null"]]] : .null
    }
}

extension OptionalSchema {
    public var absentValue: Wrapped.Value?? { .some(.none) }
    public static var isManyValued: Bool { Wrapped.isManyValued }
    public static var isObject: Bool { Wrapped.isObject }
}

extension Optional: SchemaRepresentable where Wrapped: SchemaRepresentable & Sendable {
    @inlinable public static var schema: OptionalSchema<Wrapped.Description> {
        OptionalSchema(Wrapped.schema)
    }
}

extension Schema {
    /// The same or `null`.
    @inlinable
    public static func optional<Wrapped: Schema>(_ wrapped: Wrapped) -> Self
    where Self == OptionalSchema<Wrapped> {
        OptionalSchema(wrapped)
    }
}
