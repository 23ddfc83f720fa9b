/// The schema of a truth value.
public struct BooleanSchema: Schema {
    @inlinable
    init() {}

    @inlinable
    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Bool {
        try reader.bool()
    }

    @inlinable
    public func write(_ value: Bool, to writer: inout JSONWriter) {
        writer.bool(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Bool? {
        switch input {
        case .bool(let value): return value
        case .integer(let value) where value == 0 || value == 1: return value == 1
        case .number(let value) where value == 0 || value == 1: return value == 1
        case .string(let text):
            if let value = Self.words[text.lowercased()] { return value }
            reportParsing(input, &validation)
        case .integer: reportParsing(input, &validation)
        case .number(let value) where Int(exactly: value) != nil: reportParsing(input, &validation)
        case .brokenString: validation.reportUnicode(input)
        default: validation.report("bool_type", "Input should be a valid boolean", input: input)
        }
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.boolean) }

    @inlinable
    public func columnValue(_ value: Bool) -> ColumnValue { .integer(value ? 1 : 0) }

    @inlinable
    public func value(ofColumn column: ColumnValue) -> Bool? {
        guard case .integer(let number) = column else { return nil }
        return number != 0
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        ["type": "boolean"]
    }

    private func reportParsing(_ input: JSONValue, _ validation: inout Validation) {
        validation.report(
            "bool_parsing", "Input should be a valid boolean, unable to interpret input", input: input)
    }

    private static let words: [String: Bool] = [
        "0": false, "off": false, "f": false, "false": false, "n": false, "no": false,
        "1": true, "on": true, "t": true, "true": true, "y": true, "yes": true,
    ]
}

extension Bool: SchemaRepresentable {
    @inlinable public static var schema: BooleanSchema { BooleanSchema() }
}
