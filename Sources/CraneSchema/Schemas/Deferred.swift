/// A type's own schema, looked up when it is used, for types that contain themselves.
public struct Deferred<Value: SchemaRepresentable>: Schema {
    @inlinable
    init() {}

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value {
        try Value.schema.read(&reader)
    }

    @inlinable
    public func write(_ value: Value, to writer: inout JSONWriter) {
        Value.schema.write(value, to: &writer)
    }

    @inlinable
    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        Value.schema.validate(input, &validation)
    }

    @inlinable public var columnType: ColumnType { Value.schema.columnType }

    @inlinable
    public func columnValue(_ value: Value) -> ColumnValue { Value.schema.columnValue(value) }

    @inlinable
    public func value(ofColumn column: ColumnValue) -> Value? { Value.schema.value(ofColumn: column) }

    @inlinable
    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        Value.schema.jsonSchema(&components)
    }
}

extension Deferred {
    public static var isObject: Bool { Value.Description.isObject }
}

extension Schema {
    /// The schema of a type that is still being described: `.array(.deferred(Node.self))` within `Node`.
    ///
    /// The type must name its schema's type: `static let schema: Object<Node> = ...`.
    @inlinable
    public static func deferred<Value: SchemaRepresentable>(_ type: Value.Type) -> Self
    where Self == Deferred<Value> {
        Deferred()
    }
}
