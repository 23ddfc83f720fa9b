/// What stands for the schema of a type that has none, where the compiler is to say so: there is no value of it.
public enum NoSchema<Value: Sendable>: Schema {
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value { switch self {} }
    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? { switch self {} }
    public func write(_ value: Value, to writer: inout JSONWriter) { switch self {} }
    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue { switch self {} }
}
