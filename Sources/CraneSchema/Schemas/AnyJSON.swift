/// The schema of any JSON value, taken as it is.
public struct AnyJSON: Schema {
    @inlinable
    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> JSONValue {
        throw JSONFallback()
    }

    public func write(_ value: JSONValue, to writer: inout JSONWriter) {
        writer.value(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> JSONValue? {
        input
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        .object([])
    }
}

extension JSONValue: SchemaRepresentable {
    @inlinable public static var schema: AnyJSON { AnyJSON() }
}
