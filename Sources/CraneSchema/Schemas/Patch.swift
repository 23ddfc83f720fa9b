/// A member of a change: not sent, or the value that was sent, which for an optional type may be `null`.
///
/// `struct TalkPatch { let title: Patch<String>; let note: Patch<String?> }` as the type of a PATCH's body tells
/// `{}`, `{"note": null}` and `{"note": "x"}` apart. Such a field need not be sent, and is left out when written where it is unset.
public enum Patch<Value> {
    /// The member was not sent.
    case unset
    case value(Value)

    /// The value after the change.
    public func applied(to current: Value) -> Value {
        switch self {
        case .unset: current
        case .value(let value): value
        }
    }
}

extension Patch where Value: ExpressibleByNilLiteral {
    /// The member was sent as `null`.
    public static var null: Patch { .value(nil) }
}

extension Patch: Sendable where Value: Sendable {}
extension Patch: Equatable where Value: Equatable {}
extension Patch: Hashable where Value: Hashable {}

/// The schema of a member that may be unset; see `Patch`.
public struct PatchSchema<Content: Schema>: Schema {
    @usableFromInline let content: Content

    @inlinable
    init(_ content: Content) {
        self.content = content
    }

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Patch<Content.Value> {
        .value(try content.read(&reader))
    }

    @inlinable
    public func read(text: String) -> Patch<Content.Value>? { content.read(text: text).map { .value($0) } }

    /// Outside an object, which leaves it out, an unset value is `null`.
    @inlinable
    public func write(_ value: Patch<Content.Value>, to writer: inout JSONWriter) {
        switch value {
        case .unset: writer.null()
        case .value(let value): content.write(value, to: &writer)
        }
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Patch<Content.Value>? {
        content.validate(input, &validation).map { .value($0) }
    }

    @inlinable public var unsetValue: Patch<Content.Value>? { .unset }

    @inlinable
    public func isUnset(_ value: Patch<Content.Value>) -> Bool {
        if case .unset = value { true } else { false }
    }

    public var absentValue: Patch<Content.Value>? { .unset }
    public static var isManyValued: Bool { Content.isManyValued }
    public static var isObject: Bool { Content.isObject }
    @inlinable public var columnType: ColumnType { content.columnType }

    /// A change of a row leaves an unset member's column alone; elsewhere it is NULL.
    public func columnValue(_ value: Patch<Content.Value>) -> ColumnValue {
        switch value {
        case .unset: .null
        case .value(let value): content.columnValue(value)
        }
    }

    public func value(ofColumn column: ColumnValue) -> Patch<Content.Value>? {
        content.value(ofColumn: column).map { .value($0) }
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        content.jsonSchema(&components)
    }
}

extension Patch: SchemaRepresentable where Value: SchemaRepresentable {
    @inlinable public static var schema: PatchSchema<Value.Description> { .patch(Value.schema) }
}

extension Schema {
    /// A member that need not be sent, and of which it is told whether it was.
    ///
    /// - Parameter content: the schema of what is sent; an optional one takes `null`.
    @inlinable
    public static func patch<Content: Schema>(_ content: Content) -> Self
    where Self == PatchSchema<Content> {
        PatchSchema(content)
    }
}
