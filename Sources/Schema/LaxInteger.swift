// Conversions of `Double` call the C library's rounding functions; importing it is what links them.
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Pydantic's lax reading of a whole number.
enum LaxInteger {
    static func parse(_ input: JSONValue, _ validation: inout Validation) -> Int? {
        switch input {
        case .integer(let value): return value
        case .bool(let value): return value ? 1 : 0
        case .bigInteger: reportSize(input, &validation)
        case .number(let value):
            if !value.isFinite {
                validation.report("finite_number", "Input should be a finite number", input: input)
            } else if let whole = Int(exactly: value) {
                return whole
            } else if value.magnitude < 0x1p63 {
                validation.report(
                    "int_from_float",
                    "Input should be a valid integer, got a number with a fractional part", input: input)
            } else {
                reportSize(input, &validation)
            }
        case .string(let text): return parse(text, input, &validation)
        case .brokenString: reportUnicode(input, &validation)
        default: validation.report("int_type", "Input should be a valid integer", input: input)
        }
        return nil
    }

    private static func parse(
        _ text: String, _ input: JSONValue, _ validation: inout Validation
    ) -> Int? {
        switch number(text) {
        case .value(let value): return value
        case .tooLarge: reportSize(input, &validation)
        case .unreadable:
            validation.report(
                "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer", input: input)
        }
        return nil
    }

    enum Reading {
        case value(Int)
        case tooLarge
        case unreadable
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
        var value = 0
        var overflow = false
        for unit in rest {
            defer { last = unit }
            if unit == UInt8(ascii: "_") {
                guard last != UInt8(ascii: "_") else { return .unreadable }
                continue
            }
            guard unit &- 0x30 < 10 else { return .unreadable }
            let (scaled, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let digit = Int(unit &- 0x30)
            let (sum, pastEnd) =
                negative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            value = sum
            overflow = overflow || tooLarge || pastEnd
        }
        guard last != UInt8(ascii: "_") else { return .unreadable }
        return overflow ? .tooLarge : .value(value)
    }

    static func reportSize(_ input: JSONValue, _ validation: inout Validation) {
        validation.report(
            "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size",
            input: input)
    }

    static func reportUnicode(_ input: JSONValue, _ validation: inout Validation) {
        validation.report(
            "string_unicode",
            "Input should be a valid string, unable to parse raw data as a unicode string", input: input)
    }
}

/// White space as Rust's `str::trim` knows it (Unicode White_Space).
enum Blanks {
    static func trimmed(_ text: String) -> Substring {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return text[first..<scalars.index(after: last)]
    }
}
