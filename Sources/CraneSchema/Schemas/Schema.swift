/// One description of a type: how it is read from JSON, checked, written, and described to others.
///
/// A schema is a value without state. It is asked in two ways: `read` takes plain, correct JSON straight from bytes
/// and steps aside at the first surprise; `validate` then takes the tree and says everything that is wrong with it,
/// or makes the value after pydantic's lax coercions.
public protocol Schema<Value>: Sendable {
    associatedtype Value: Sendable

    /// Reads one value at the cursor.
    ///
    /// Throws where anything but the plain form is there, with no statement about whether the input is wrong.
    func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value

    /// Makes the value of a tree, or reports every issue and returns nil.
    func validate(_ input: JSONValue, _ validation: inout Validation) -> Value?

    /// Makes the value of plain text from a path, query, header, cookie or form; nil for anything unusual.
    func read(text: String) -> Value?

    /// Makes the value of the bytes of such a text, where the schema can (`readsBytes`); nil for anything unusual.
    func read(bytes: Span<UInt8>) -> Value?

    /// Whether `read(bytes:)` may give a value, so that no string need be made of a text; false unless said.
    static var readsBytes: Bool { get }

    /// Appends the value as JSON.
    func write(_ value: Value, to writer: inout JSONWriter)

    /// The JSON Schema in the dialect of OpenAPI 3.1; named types go to the components and are referred to.
    ///
    /// `App.build()` asks for mistakes alone: what the components and other schemas give back is `null` then.
    func jsonSchema(_ components: inout SchemaComponents) -> JSONValue

    /// The value of what was not sent, the optional schema's `nil`; none where it has to be sent, as usual.
    var absentValue: Value? { get }

    /// The value of a member that was not sent, where the schema has one of its own (a patch's `.unset`); such a member need not be
    /// sent, whatever the field says.
    var unsetValue: Value? { get }

    /// Whether the value is that one, so that an object leaves the member out; false unless said.
    func isUnset(_ value: Value) -> Bool

    /// Whether a parameter takes all texts of its name rather than one; false unless the schema is a list's.
    static var isManyValued: Bool { get }

    /// Whether the value is a JSON object or holds some, so that no text can be it; false unless said.
    static var isObject: Bool { get }

    /// How a database keeps the values; as their JSON unless the schema says otherwise.
    var columnType: ColumnType { get }

    /// The value as it stands in a column of `columnType`.
    func columnValue(_ value: Value) -> ColumnValue

    /// The value that stands in a column; nil for what none is kept as. Bounds and patterns are not looked at.
    func value(ofColumn column: ColumnValue) -> Value?
}

extension Schema {
    @inlinable
    public func read(text: String) -> Value? { nil }

    @inlinable
    public func read(bytes: Span<UInt8>) -> Value? { nil }

    @inlinable public static var readsBytes: Bool { false }

    public var absentValue: Value? { nil }

    @inlinable public var unsetValue: Value? { nil }

    @inlinable
    public func isUnset(_ value: Value) -> Bool { false }

    public static var isManyValued: Bool { false }
    public static var isObject: Bool { false }
}
