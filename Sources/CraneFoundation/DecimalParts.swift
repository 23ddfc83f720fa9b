import Foundation

/// A decimal number as digits and an exponent, as Python's `Decimal` reads a text.
struct DecimalParts {
    enum Reading {
        case none, notFinite
        case number(DecimalParts)
    }

    let isNegative: Bool
    /// Without zeros at either end; empty for zero.
    let digits: [UInt8]
    /// The power of ten of the last digit.
    let exponent: Int

    /// How many digits there are, in front of the point and behind it.
    var count: Int { places > 0 ? max(digits.count, places) : digits.count + exponent }
    var places: Int { max(0, -exponent) }
    var wholeDigits: Int { count - places }

    /// The number, where `Decimal` has room for it: for 38 digits and powers of ten from -128 to 127.
    var value: Decimal? {
        guard digits.count <= 38, -128...127 ~= exponent else { return nil }
        let text = digits.isEmpty ? "0" : String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        guard let significand = Decimal(string: text, locale: nil) else { return nil }
        return Decimal(sign: isNegative ? .minus : .plus, exponent: exponent, significand: significand)
    }

    /// Reads sign, digits of any script, point and exponent; blanks around it and underscores count for nothing.
    static func read(_ text: String) -> Reading {
        var rest = Array(text.unicodeScalars)[...]
        while rest.first?.properties.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.properties.isWhitespace == true { rest = rest.dropLast() }
        rest = rest.filter { $0 != "_" }[...]
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest = rest.dropFirst() }
        var name = String(String.UnicodeScalarView(rest)).lowercased()
        if name == "inf" || name == "infinity" { return .notFinite }
        if name.hasPrefix("s") { name.removeFirst() }
        if name.hasPrefix("nan"), name.dropFirst(3).allSatisfy(\.isWholeNumber) { return .notFinite }
        var digits = takeDigits(&rest)
        var places = 0
        if rest.first == "." {
            rest = rest.dropFirst()
            let fraction = takeDigits(&rest)
            places = fraction.count
            digits += fraction
        }
        guard !digits.isEmpty else { return .none }
        var exponent = 0
        if rest.first == "e" || rest.first == "E" {
            rest = rest.dropFirst()
            let isDown = rest.first == "-"
            if isDown || rest.first == "+" { rest = rest.dropFirst() }
            let power = takeDigits(&rest)
            guard !power.isEmpty else { return .none }
            // Far beyond what there is room for, and as far from an overflow.
            let size = power.reduce(0) { min($0 * 10 + Int($1), 1_000_000_000) }
            exponent = isDown ? -size : size
        }
        guard rest.isEmpty else { return .none }
        return .number(DecimalParts(isNegative, digits, exponent - places))
    }

    private init(_ isNegative: Bool, _ digits: [UInt8], _ exponent: Int) {
        let significant = digits.drop { $0 == 0 }
        let zeros = significant.reversed().prefix { $0 == 0 }.count
        self.isNegative = isNegative
        self.digits = Array(significant.dropLast(zeros))
        self.exponent = self.digits.isEmpty ? 0 : exponent + zeros
    }

    private static func takeDigits(_ rest: inout ArraySlice<Unicode.Scalar>) -> [UInt8] {
        var digits: [UInt8] = []
        while let scalar = rest.first, scalar.properties.numericType == .decimal,
            let value = scalar.properties.numericValue
        {
            digits.append(UInt8(value))
            rest = rest.dropFirst()
        }
        return digits
    }
}
