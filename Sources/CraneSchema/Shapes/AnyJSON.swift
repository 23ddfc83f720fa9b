/// The shape of any JSON value, taken as it is.
public struct AnyJSON: Shape {
    @inlinable
    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONDetour) -> JSONValue {
        throw JSONDetour()
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

extension JSONValue: Describable {
    @inlinable public static var schema: AnyJSON { AnyJSON() }
}
