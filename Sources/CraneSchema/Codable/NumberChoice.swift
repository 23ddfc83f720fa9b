/// The schema of an enumeration whose cases are whole numbers.
struct NumberChoice<Value: RawRepresentable & CaseIterable & Sendable>: Schema
where Value.RawValue: FixedWidthInteger & Sendable {
    private let cases: [(number: Value.RawValue, value: Value)]

    init() {
        cases = Value.allCases.map { ($0.rawValue, $0) }
    }

    private func value(_ number: Int) -> Value? { cases.first { $0.number == number }?.value }

    func read(_ reader: inout JSONReader) throws(JSONFallback) -> Value {
        guard let value = value(try reader.integer()) else { throw JSONFallback() }
        return value
    }

    func write(_ value: Value, to writer: inout JSONWriter) {
        writer.integer(value.rawValue)
    }

    /// Pydantic takes no text for a number here, but whatever is equal to it in Python.
    func validate(_ input: JSONValue, _ validation: inout Validation) -> Value? {
        let number: Int? =
            switch input {
            case .integer(let number): number
            case .number(let number): Int(exactly: number)
            case .bool(let value): value ? 1 : 0
            default: nil
            }
        if let value = number.flatMap({ value($0) }) { return value }
        let expected = PythonText.list(cases.map { "\($0.number)" })
        validation.report(
            "enum", "Input should be \(expected)", input: input,
            context: [.init("expected", .string(expected))])
        return nil
    }

    func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        components.define(of: Value.self) { _ in
            [
                "type": "integer",
                "enum": .array(cases.compactMap { Int(exactly: $0.number).map { .integer($0) } }),
                "title": .string("\(Value.self)"),
            ]
        }
    }
}
