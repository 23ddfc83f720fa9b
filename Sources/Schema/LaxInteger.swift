// Conversions of `Double` call the C library's rounding functions; importing it is what links them.
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Pydantic's lax reading of a whole number.
@usableFromInline
enum LaxInteger {
    /// A whole number as it was read.
    enum Reading {
        case value(Int)
        /// Past 64 bits: its sign and decimal digits.
        case huge(isNegative: Bool, digits: [UInt8])
        case unreadable
    }

    /// The number; nil with an issue where there is none.
    static func parse(_ input: JSONValue, _ validation: inout Validation) -> Reading? {
        switch input {
        case .integer(let value): return .value(value)
        case .bool(let value): return .value(value ? 1 : 0)
        case .bigInteger(let text): return number(text)
        case .number(let value): return whole(value, input, &validation)
        case .string(let text):
            let reading = number(text)
            if case .unreadable = reading {
                validation.report(
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer", input: input)
                return nil
            }
            return reading
        case .brokenString: validation.reportUnicode(input)
        default: validation.report("int_type", "Input should be a valid integer", input: input)
        }
        return nil
    }

    private static func whole(
        _ value: Double, _ input: JSONValue, _ validation: inout Validation
    ) -> Reading? {
        if let whole = Int(exactly: value) { return .value(whole) }
        if !value.isFinite {
            validation.report("finite_number", "Input should be a finite number", input: input)
        } else if value.magnitude < 0x1p63 {
            validation.report(
                "int_from_float", "Input should be a valid integer, got a number with a fractional part",
                input: input)
        } else {
            reportSize(input, &validation)
        }
        return nil
    }

    /// A number without any of the lax forms, of at most 18 digits; nil for all else.
    @usableFromInline
    static func plain(_ text: String) -> Int? {
        var units = text.utf8[...]
        let negative = units.first == UInt8(ascii: "-")
        if negative { units = units.dropFirst() }
        guard 1...18 ~= units.count else { return nil }
        var value = 0
        for unit in units {
            guard unit &- 0x30 < 10 else { return nil }
            value = value &* 10 &+ Int(unit &- 0x30)
        }
        return negative ? 0 &- value : value
    }

    /// Blanks around, one sign, leading zeros, single underscores between digits and a fraction of zeros pass.
    static func number(_ text: String) -> Reading {
        var rest = Blanks.trimmed(text).utf8
        var negative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        if let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
            let fraction = rest[rest.index(after: dot)...]
            guard !fraction.isEmpty, fraction.allSatisfy({ $0 == 0x30 }) else { return .unreadable }
            rest = rest[..<dot]
        }
        guard var last = rest.first, last != UInt8(ascii: "_") else { return .unreadable }
        var digits: [UInt8] = []
        for unit in rest {
            defer { last = unit }
            if unit == UInt8(ascii: "_") {
                guard last != UInt8(ascii: "_") else { return .unreadable }
                continue
            }
            guard unit &- 0x30 < 10 else { return .unreadable }
            if unit != 0x30 || !digits.isEmpty { digits.append(unit) }
        }
        guard last != UInt8(ascii: "_") else { return .unreadable }
        let spelling = (negative ? "-" : "") + String(decoding: digits, as: UTF8.self)
        if digits.isEmpty { return .value(0) }
        if let value = Int(spelling) { return .value(value) }
        return .huge(isNegative: negative, digits: digits)
    }

    static func reportSize(_ input: JSONValue, _ validation: inout Validation) {
        validation.report(
            "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size",
            input: input)
    }
}
