public import CraneSchema
public import Foundation

/// The schema of a decimal number: a string or a number in JSON, written as a string so that nobody rounds it.
///
/// Foundation's `Decimal` has 38 digits; a number with more is refused as pydantic refuses one with more than `max_digits`. Trailing zeros and
/// exponents are not kept.
public struct DecimalSchema: Schema {
    private let bounds: DecimalBounds

    init(_ bounds: DecimalBounds) {
        self.bounds = bounds
    }

    public func read(_ reader: inout JSONReader) throws(JSONFallback) -> Decimal {
        guard let value = read(text: try reader.string()) else { throw JSONFallback() }
        return value
    }

    public func read(text: String) -> Decimal? {
        var validation = Validation(at: [])
        return validate(.string(text), &validation)
    }

    public func validate(_ input: JSONValue, _ validation: inout Validation) -> Decimal? {
        switch input {
        case .string(let text), .bigInteger(let text): return value(text, input, &validation)
        case .integer(let number): return value("\(number)", input, &validation)
        case .number(let number): return value("\(number)", input, &validation)
        case .brokenString: validation.reportUnicode(input)
        default:
            validation.report(
                "decimal_type", "Decimal input should be an integer, float, string or Decimal object",
                input: input)
        }
        return nil
    }

    private func value(_ text: String, _ input: JSONValue, _ validation: inout Validation) -> Decimal? {
        switch DecimalParts.read(text) {
        case .none:
            validation.report("decimal_parsing", "Input should be a valid decimal", input: input)
            return nil
        case .notFinite:
            validation.report("finite_number", "Input should be a finite number", input: input)
            return nil
        case .number(let parts):
            guard bounds.check(parts, input, &validation) else { return nil }
            return parts.value
        }
    }

    public func write(_ value: Decimal, to writer: inout JSONWriter) { writer.string(value.description) }

    public func jsonSchema(_ components: inout SchemaComponents) -> JSONValue {
        ["anyOf": [.object(bounds.jsonSchema + [.init("type", "number")]), ["type": "string"]]]
    }

    public var columnType: ColumnType { ColumnType(.text) }

    public func columnValue(_ value: Decimal) -> ColumnValue { .text(value.description) }

    public func value(ofColumn column: ColumnValue) -> Decimal? {
        guard case .text(let text) = column, case .number(let parts) = DecimalParts.read(text) else {
            return nil
        }
        return parts.value
    }
}

extension Decimal: SchemaRepresentable {
    public static var schema: DecimalSchema { .decimal() }
}

extension Schema where Self == DecimalSchema {
    /// A decimal number: `.decimal(ge: 0, maxDigits: 10, decimalPlaces: 2)` is a price.
    ///
    /// - Parameters:
    ///   - gt: it is greater than that.
    ///   - ge: it is that or greater.
    ///   - lt: it is less than that.
    ///   - le: it is that or less.
    ///   - multipleOf: it is some times that.
    ///   - maxDigits: its most digits in all, 38 at most.
    ///   - decimalPlaces: its most digits behind the point.
    public static func decimal(
        gt: Decimal? = nil, ge: Decimal? = nil, lt: Decimal? = nil, le: Decimal? = nil,
        multipleOf: Decimal? = nil, maxDigits: Int? = nil, decimalPlaces: Int? = nil
    ) -> Self {
        DecimalSchema(
            DecimalBounds(
                gt: gt, ge: ge, lt: lt, le: le, multipleOf: multipleOf, maxDigits: maxDigits,
                decimalPlaces: decimalPlaces))
    }
}
