public import CraneSchema

/// The input of a task that takes nothing, `{}`.
public struct NoInput: Hashable, Sendable, SchemaRepresentable {
    public init() {}

    public static let schema = EmptyObject()

    /// Takes an object, whatever its members.
    public struct EmptyObject: Schema {
        public func read(_ reader: inout JSONReader) throws(JSONFallback) -> NoInput {
            try reader.open(UInt8(ascii: "{"))
            if try reader.more(until: UInt8(ascii: "}"), first: true) { throw JSONFallback() }
            reader.close()
            return NoInput()
        }

        public func validate(_ input: JSONValue, _ validation: inout Validation) -> NoInput? {
            if case .object = input { return NoInput() }
            validation.report("dict_type", "Input should be a valid dictionary", input: input)
            return nil
        }

        public func write(_ value: NoInput, to writer: inout JSONWriter) { writer.raw("{}") }

        public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue { ["type": "object"] }
    }
}
