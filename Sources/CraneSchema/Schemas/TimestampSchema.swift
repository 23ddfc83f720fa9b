/// The schema of a point in time: a string of RFC 3339 in JSON.
public struct TimestampSchema: Schema {
    @inlinable
    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Timestamp {
        // The bytes are read during the call only.
        guard let value = try unsafe reader.plainString({ unsafe TimestampText.dateTime($0) }) else {
            throw JSONFallback()
        }
        return value
    }

    public func read(text: String) -> Timestamp? {
        TimestampText.dateTime(Array(text.utf8))
    }

    @inlinable
    public func write(_ value: Timestamp, to writer: inout JSONWriter) {
        writer.timestamp(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Timestamp? {
        do throws(TimestampText.Failure) {
            switch input {
            case .string(let text): return try TimestampText.parse(Array(text.utf8))
            case .integer(let number): return try TimestampText.unixTime(number)
            case .number(let number):
                if number.isNaN { throw TimestampText.Failure(message: "NaN values not permitted") }
                return try TimestampText.unixTime(number)
            case .bigInteger(let digits): throw digits.hasPrefix("-") ? .tooSmall : .tooLarge
            case .brokenString: validation.reportUnicode(input)
            default: validation.report("datetime_type", "Input should be a valid datetime", input: input)
            }
        } catch {
            report(error, input, &validation)
        }
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.timestamp) }

    @inlinable
    public func columnValue(_ value: Timestamp) -> ColumnValue { .integer(value.microseconds) }

    @inlinable
    public func value(ofColumn column: ColumnValue) -> Timestamp? {
        guard case .integer(let microseconds) = column else { return nil }
        return Timestamp(microseconds: microseconds)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        ["type": "string", "format": "date-time"]
    }

    /// Pydantic reads a text that is no date and time as a date before it gives up, and words the issue after that.
    private func report(
        _ failure: TimestampText.Failure, _ input: JSONValue, _ validation: inout Validation
    ) {
        var isText = false
        if case .string = input { isText = true }
        let asDate = isText && !failure.isFinal
        validation.report(
            asDate ? "datetime_from_date_parsing" : "datetime_parsing",
            "Input should be a valid datetime\(asDate ? " or date" : ""), \(failure.message)", input: input,
            context: [.init("error", .string(failure.message))])
    }
}

extension Timestamp: SchemaRepresentable {
    @inlinable public static var schema: TimestampSchema { TimestampSchema() }
}
