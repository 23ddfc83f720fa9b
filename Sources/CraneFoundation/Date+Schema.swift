public import CraneSchema
public import Foundation

/// The schema of Foundation's `Date`: as that of `Timestamp`, a string of RFC 3339 in UTC, to the microsecond.
public struct DateSchema: Schema {
    private let content = Timestamp.schema

    init() {}

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Date {
        Date(try content.read(&reader))
    }

    public func read(text: String) -> Date? { content.read(text: text).map { Date($0) } }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Date? {
        content.validate(input, &validation).map { Date($0) }
    }

    public func write(_ value: Date, to writer: inout JSONWriter) {
        content.write(Timestamp(value), to: &writer)
    }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        content.jsonSchema(&components)
    }

    public var columnType: ColumnType { content.columnType }

    public func columnValue(_ value: Date) -> ColumnValue { content.columnValue(Timestamp(value)) }

    public func value(ofColumn column: ColumnValue) -> Date? {
        content.value(ofColumn: column).map { Date($0) }
    }
}

extension Date: SchemaRepresentable {
    public static var schema: DateSchema { DateSchema() }

    /// The same as Foundation has it; exact to the microsecond for some centuries around 2001.
    public init(_ timestamp: Timestamp) {
        // In two parts: a Double has no room for the microseconds of all years.
        let (seconds, rest) = timestamp.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        self.init(
            timeIntervalSinceReferenceDate: Double(seconds) - Date.timeIntervalBetween1970AndReferenceDate
                + Double(rest) / 1_000_000)
    }
}

extension Timestamp {
    /// The nearest microsecond in the years 1 to 9999, which are those that RFC 3339 has; a `Date` may be outside of them.
    public init(_ date: Date) {
        let range = -62_135_596_800.0...253_402_300_799.0
        let time = date.timeIntervalSince1970
        let seconds = time.isNaN ? 0 : min(max(time, range.lowerBound), range.upperBound)
        let whole = seconds.rounded(.down)
        self.init(microseconds: Int(whole) * 1_000_000 + Int(((seconds - whole) * 1_000_000).rounded()))
    }
}
