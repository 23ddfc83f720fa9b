/// The schema of a UUID: a string in JSON.
public struct UniqueIDSchema: Schema {
    @inlinable
    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> UniqueID {
        guard let value = UniqueID(try reader.string()) else { throw JSONFallback() }
        return value
    }

    public func read(text: String) -> UniqueID? {
        UniqueID(text)
    }

    @inlinable
    public func write(_ value: UniqueID, to writer: inout JSONWriter) {
        writer.uniqueID(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> UniqueID? {
        switch input {
        case .string(let text):
            do {
                return try UniqueIDText.parse(text)
            } catch {
                validation.report(
                    "uuid_parsing", "Input should be a valid UUID, \(error.message)", input: input,
                    context: [.init("error", .string(error.message))])
            }
        case .brokenString: validation.reportUnicode(input)
        default:
            validation.report(
                "uuid_type", "UUID input should be a string, bytes or UUID object", input: input)
        }
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.text) }

    public func columnValue(_ value: UniqueID) -> ColumnValue { .text(value.description) }

    public func value(ofColumn column: ColumnValue) -> UniqueID? {
        guard case .text(let text) = column else { return nil }
        return UniqueID(text)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        ["type": "string", "format": "uuid"]
    }
}

extension UniqueID: SchemaRepresentable {
    @inlinable public static var schema: UniqueIDSchema { UniqueIDSchema() }
}
