/// The schema of a day: a string `YYYY-MM-DD` in JSON.
public struct DaySchema: Schema {
    @inlinable
    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Day {
        // The bytes are read during the call only.
        guard let value = try unsafe reader.plainString({ unsafe DayText.plain($0) }) else {
            throw JSONFallback()
        }
        return value
    }

    public func read(text: String) -> Day? { DayText.plain(Array(text.utf8)) }

    @inlinable
    public func write(_ value: Day, to writer: inout JSONWriter) {
        writer.day(value)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Day? {
        do throws(TimestampText.Failure) {
            let day: Day?
            switch input {
            case .string(let text): day = try DayText.parse(Array(text.utf8))
            case .integer(let number):
                day = try DayText.day(ofMicroseconds: TimestampText.unixMicroseconds(number))
            case .number(let number):
                if number.isNaN { throw TimestampText.Failure(message: "NaN values not permitted") }
                day = try DayText.day(ofMicroseconds: TimestampText.unixMicroseconds(number))
            case .bigInteger(let digits): throw digits.hasPrefix("-") ? .tooSmall : .tooLarge
            case .brokenString:
                validation.reportUnicode(input)
                return nil
            default:
                validation.report("date_type", "Input should be a valid date", input: input)
                return nil
            }
            if let day { return day }
            validation.report(
                "date_from_datetime_inexact",
                "Datetimes provided to dates should have zero time - e.g. be exact dates", input: input)
        } catch {
            validation.report(
                error.isFinal ? "date_parsing" : "date_from_datetime_parsing",
                "Input should be a valid date \(error.isFinal ? "in the format YYYY-MM-DD" : "or datetime"), "
                    + error.message, input: input, context: [.init("error", .string(error.message))])
        }
        return nil
    }

    @inlinable public var columnType: ColumnType { ColumnType(.text) }

    public func columnValue(_ value: Day) -> ColumnValue { .text(value.description) }

    public func value(ofColumn column: ColumnValue) -> Day? {
        guard case .text(let text) = column else { return nil }
        return DayText.plain(Array(text.utf8))
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        ["type": "string", "format": "date"]
    }
}

extension Day: SchemaRepresentable {
    @inlinable public static var schema: DaySchema { DaySchema() }
}
