import CraneSchema
import Foundation

/// What a decimal number must keep to, in pydantic's order and words.
struct DecimalBounds: Sendable {
    let gt: Decimal?
    let ge: Decimal?
    let lt: Decimal?
    let le: Decimal?
    let multipleOf: Decimal?
    let maxDigits: Int?
    let decimalPlaces: Int?

    /// What `Decimal` has room for.
    private static let mostDigits = 38
    private static let mostPlaces = 128
    private static let mostWholeDigits = 165

    func check(_ parts: DecimalParts, _ input: JSONValue, _ validation: inout Validation) -> Bool {
        func refuse(_ type: String, _ name: String, _ bound: Int, _ unit: String, _ place: String) -> Bool {
            validation.report(
                type,
                "Decimal input should have no more than \(bound) \(unit)\(bound == 1 ? "" : "s")\(place)",
                input: input, context: [.init(name, .integer(bound))])
            return false
        }
        // What there is room for is significant digits alone.
        let digits = maxDigits.map { min($0, Self.mostDigits) }
        if let digits, parts.count > digits {
            return refuse("decimal_max_digits", "max_digits", digits, "digit", " in total")
        }
        if parts.digits.count > Self.mostDigits {
            return refuse("decimal_max_digits", "max_digits", Self.mostDigits, "digit", " in total")
        }
        let places = min(decimalPlaces ?? Self.mostPlaces, Self.mostPlaces)
        if parts.places > places {
            return refuse("decimal_max_places", "decimal_places", places, "decimal place", "")
        }
        let whole = digits.flatMap { digits in decimalPlaces.map { digits - $0 } } ?? Self.mostWholeDigits
        if parts.wholeDigits > whole {
            return refuse("decimal_whole_digits", "whole_digits", whole, "digit", " before the decimal point")
        }
        guard let value = parts.value else { return true }
        return check(value, input, &validation)
    }

    private func check(_ value: Decimal, _ input: JSONValue, _ validation: inout Validation) -> Bool {
        func refuse(_ type: String, _ words: String, _ name: String, _ bound: Decimal) -> Bool {
            validation.report(
                type, "Input should be \(words) \(bound)", input: input,
                context: [.init(name, Self.json(bound))])
            return false
        }
        if let multipleOf, !Self.isMultiple(value, of: multipleOf) {
            return refuse("multiple_of", "a multiple of", "multiple_of", multipleOf)
        }
        if let le, value > le { return refuse("less_than_equal", "less than or equal to", "le", le) }
        if let lt, value >= lt { return refuse("less_than", "less than", "lt", lt) }
        if let ge, value < ge { return refuse("greater_than_equal", "greater than or equal to", "ge", ge) }
        if let gt, value <= gt { return refuse("greater_than", "greater than", "gt", gt) }
        return true
    }

    private static func isMultiple(_ value: Decimal, of step: Decimal) -> Bool {
        guard step != 0 else { return false }
        let quotient = value / step
        guard case .number(let parts) = DecimalParts.read(quotient.description) else { return false }
        return parts.places == 0 && quotient * step == value
    }

    /// The bounds as JSON Schema has them.
    var jsonSchema: [JSONValue.Member] {
        [
            ("exclusiveMaximum", lt), ("exclusiveMinimum", gt), ("maximum", le), ("minimum", ge),
            ("multipleOf", multipleOf),
        ].compactMap { name, bound in
            bound.map { JSONValue.Member(name, .number(NSDecimalNumber(decimal: $0).doubleValue)) }
        }
    }

    private static func json(_ number: Decimal) -> JSONValue {
        Int(number.description).map { .integer($0) }
            ?? .number(NSDecimalNumber(decimal: number).doubleValue)
    }
}
