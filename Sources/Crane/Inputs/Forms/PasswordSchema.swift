import CraneSchema

/// The schema of a text that pages hide while it is typed.
struct PasswordSchema<Text: Schema>: Schema {
    private let text: Text

    init(_ text: Text) {
        self.text = text
    }

    func read(_ reader: inout JSONReader) throws(JSONFallback) -> Text.Value { try text.read(&reader) }
    func read(text: String) -> Text.Value? { self.text.read(text: text) }
    func write(_ value: Text.Value, to writer: inout JSONWriter) { text.write(value, to: &writer) }

    func validate(_ input: JSONValue, _ validation: inout Validation) -> Text.Value? {
        text.validate(input, &validation)
    }

    func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        guard case .object(let members) = text.jsonSchema(&components) else { return [:] }
        return .object(members + [.init("format", "password")])
    }
}
