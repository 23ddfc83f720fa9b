/// The schema of a span of time, to the microsecond: a string of ISO 8601 in JSON.
///
/// Reads what pydantic's `timedelta` does: also `2 days, 01:02:03`, `01:02:03` and a number of seconds.
public struct DurationSchema: Schema {
    @inlinable
    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Duration {
        guard let value = read(text: try reader.string()) else { throw JSONFallback() }
        return value
    }

    public func read(text: String) -> Duration? { try? DurationText.parse(text) }

    @inlinable
    public func write(_ value: Duration, to writer: inout JSONWriter) {
        writer.duration(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Duration? {
        do throws(TimestampText.Failure) {
            switch input {
            case .string(let text): return try DurationText.parse(text)
            case .integer(let seconds): return try DurationText.duration(ofSeconds: seconds)
            case .number(let seconds): return try DurationText.duration(ofSeconds: seconds)
            case .bool(let value): return try DurationText.duration(ofSeconds: value ? 1 : 0)
            case .bigInteger: throw DurationText.tooManyDays
            case .brokenString: validation.reportUnicode(input)
            default: validation.report("time_delta_type", "Input should be a valid timedelta", input: input)
            }
        } catch {
            validation.report(
                "time_delta_parsing", "Input should be a valid timedelta, \(error.message)", input: input,
                context: [.init("error", .string(error.message))])
        }
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.text) }

    public func columnValue(_ value: Duration) -> ColumnValue {
        .text(String(decoding: encode(value).dropFirst().dropLast(), as: UTF8.self))
    }

    public func value(ofColumn column: ColumnValue) -> Duration? {
        guard case .text(let text) = column else { return nil }
        return read(text: text)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        ["type": "string", "format": "duration"]
    }
}

extension Duration: SchemaRepresentable {
    @inlinable public static var schema: DurationSchema { DurationSchema() }
}
