import CraneSystem

/// The schema of an enumeration whose cases are strings: `static let schema = Choice<Color>()`.
public struct Choice<Value: RawRepresentable & CaseIterable & Sendable>: Schema
where Value.RawValue == String {
    private let cases: [(text: String, value: Value)]
    /// The component's name, where the type's own is not good enough.
    private let givenName: String?
    private let summary: String?

    /// Takes all cases of the type; `name` is that of the component in OpenAPI, of letters, digits, `.`, `_` and `-`; made of
    /// the type's own unless given.
    public init(name: String? = nil, description: String? = nil) {
        cases = Value.allCases.map { ($0.rawValue, $0) }
        givenName = name
        summary = description
    }

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value {
        guard let value = read(text: try reader.string()) else { throw JSONFallback() }
        return value
    }

    public func read(text: String) -> Value? {
        // Not `init(rawValue:)`: it compares canonically equivalent spellings as equal.
        let spelling = text.utf8Span.span
        for known in cases where known.text.utf8Span.span.isSpelt(spelling) { return known.value }
        return nil
    }

    @inlinable
    public func write(_ value: Value, to writer: inout JSONWriter) {
        writer.string(value.rawValue)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        if case .string(let text) = input, let value = read(text: text) { return value }
        let expected = PythonText.alternatives(cases.map(\.text))
        validation.report(
            "enum", "Input should be \(expected)", input: input,
            context: [.init("expected", .string(expected))])
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.text) }

    @inlinable
    public func columnValue(_ value: Value) -> ColumnValue { .text(value.rawValue) }

    public func value(ofColumn column: ColumnValue) -> Value? {
        guard case .text(let text) = column else { return nil }
        return read(text: text)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define(givenName, of: Value.self) { components in
            guard components.isWritten else { return .null }
            var members: [JSONValue.Member] = [
                .init("type", "string"), .init("enum", .array(cases.map { .string($0.text) })),
                .init("title", .string(givenName ?? "\(Value.self)")),
            ]
            if let summary { members.append(.init("description", .string(summary))) }
            return .object(members)
        }
    }
}
