/// A set of code points: one item of a pattern that takes a character.
struct PatternSet: Sendable {
    enum Item: Sendable {
        case range(ClosedRange<UInt32>)
        case digit(Bool)
        case word(Bool)
        case space(Bool)

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .range(let range): range.contains(scalar.value)
            case .digit(let wanted): PatternSet.isDigit(scalar) == wanted
            case .word(let wanted): PatternSet.isWord(scalar) == wanted
            case .space(let wanted): scalar.properties.isWhitespace == wanted
            }
        }
    }

    var items: [Item]
    var isNegated = false
    /// A bit for each ASCII character of the set, made by `indexed()`.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    init(items: [Item], isNegated: Bool = false) {
        self.items = items
        self.isNegated = isNegated
    }

    /// The same with its ASCII characters looked up beforehand, as a program wants it.
    func indexed() -> PatternSet {
        var set = self
        for value in UInt8.min..<128 where holds(Unicode.Scalar(value)) {
            if value < 64 {
                set.ascii.low |= 1 << UInt64(value)
            } else {
                set.ascii.high |= 1 << UInt64(value - 64)
            }
        }
        return set
    }

    /// Any character but a line feed: the dot.
    static let dot = PatternSet(items: [.range(0x0A...0x0A)], isNegated: true)

    static func one(_ scalar: Unicode.Scalar) -> PatternSet {
        PatternSet(items: [.range(scalar.value...scalar.value)])
    }

    /// Whether the character is in an indexed set.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value < 128 else { return holds(scalar) }
        return (scalar.value < 64 ? ascii.low : ascii.high) &>> UInt64(scalar.value & 63) & 1 != 0
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        items.contains { $0.contains(scalar) } != isNegated
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value &- 0x30 < 10 }
        return scalar.properties.generalCategory == .decimalNumber
    }

    /// Unicode's annex 18, `\w`: letters, marks, decimal digits, connectors and joiners.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return isDigit(scalar) || (scalar.value | 0x20) &- 0x61 < 26 || scalar == "_"
        }
        let properties = scalar.properties
        if properties.isAlphabetic || properties.isJoinControl { return true }
        switch properties.generalCategory {
        case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }
}
