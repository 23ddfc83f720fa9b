// Conversions of `Double` call the C library's rounding functions; importing it is what links them.
import CraneSystem

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
        // Pydantic's float has no -2^63 either.
        if value.magnitude < 0x1p63, let whole = Int(exactly: value) { return .value(whole) }
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
    static func plain(_ text: Span<UInt8>) -> Int? {
        let negative = !text.isEmpty && text[0] == UInt8(ascii: "-")
        var index = negative ? 1 : 0
        guard 1...18 ~= text.count - index else { return nil }
        var value = 0
        while index < text.count {
            let digit = text[index] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
            index &+= 1
        }
        return negative ? 0 &- value : value
    }

    /// Blanks around, a plus sign, leading zeros, single underscores and a fraction of zeros pass; so does, as in
    /// pydantic, a minus sign after leading zeros.
    static func number(_ text: String) -> Reading {
        var rest = Array(text.withoutWhiteSpace.utf8)[...]
        var isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") {
            rest = rest.dropFirst()
            guard let next = rest.first, next &- 0x30 < 10 else { return .unreadable }
        }
        guard var digits = withoutLeadingZeros(Array(rest)) else { return .unreadable }
        if let dot = digits.firstIndex(of: UInt8(ascii: ".")) {
            let fraction = digits[(dot + 1)...]
            guard !fraction.isEmpty, fraction.allSatisfy({ $0 == 0x30 }) else { return .unreadable }
            digits = digits[..<dot]
        }
        guard var magnitude = withoutUnderscores(digits) else { return .unreadable }
        if magnitude.first == UInt8(ascii: "-"), !isNegative {
            isNegative = true
            magnitude.removeFirst()
        }
        guard !magnitude.isEmpty, magnitude.allSatisfy({ $0 &- 0x30 < 10 }),
            magnitude.count == 1 || magnitude[0] != 0x30
        else { return .unreadable }
        let spelling = (isNegative ? "-" : "") + String(decoding: magnitude, as: UTF8.self)
        if let value = Int(spelling) { return .value(value) }
        return .huge(isNegative: isNegative, digits: magnitude)
    }

    /// Drops zeros and underscores before the first other digit, keeping one zero where nothing else is left.
    private static func withoutLeadingZeros(_ text: [UInt8]) -> ArraySlice<UInt8>? {
        guard text.first == 0x30 else { return text[...] }
        for index in text.indices.dropFirst() {
            switch text[index] {
            case 0x30, UInt8(ascii: "_"): continue
            case UInt8(ascii: "."): return text[(index - 1)...]
            default: return text[index...]
            }
        }
        return text.suffix(1)
    }

    /// Drops underscores that stand alone and inside; nil for others.
    static func withoutUnderscores(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let mark = UInt8(ascii: "_")
        guard text.contains(mark) else { return Array(text) }
        guard text.first != mark, text.last != mark,
            !zip(text, text.dropFirst()).contains(where: { $0 == mark && $1 == mark })
        else { return nil }
        return text.filter { $0 != mark }
    }

    /// - Parameter yields: whether the number is sound and only too large to be kept here.
    static func reportSize(_ input: JSONValue, _ validation: inout Validation, yields: Bool = false) {
        validation.report(
            "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size",
            input: input, yields: yields)
    }
}
