/// Reads the text of a regular expression.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    /// The whole expression.
    mutating func expression() throws(PatternError) -> PatternNode {
        let node = try choice()
        guard index == scalars.count else {
            throw PatternError(message: "a group is closed that was not opened")
        }
        return node
    }

    private mutating func choice() throws(PatternError) -> PatternNode {
        var branches = [try sequence()]
        while takes("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            nodes.append(try quantified(try atom()))
        }
        return .sequence(nodes)
    }

    private mutating func quantified(_ atom: PatternNode) throws(PatternError) -> PatternNode {
        var node = atom
        while let next = peek {
            let bounds: (Int, Int?)
            switch next {
            case "*": bounds = (0, nil)
            case "+": bounds = (1, nil)
            case "?": bounds = (0, 1)
            case "{": bounds = try counts()
            default: return node
            }
            index += 1
            // A lazy quantifier matches the same texts.
            _ = takes("?")
            node = .repeated(node, lower: bounds.0, upper: bounds.1)
        }
        return node
    }

    /// `{n}`, `{n,}` or `{n,m}`; leaves the cursor on the closing brace.
    private mutating func counts() throws(PatternError) -> (Int, Int?) {
        index += 1
        guard let lower = number() else {
            throw PatternError(message: "a counted repetition lacks its number")
        }
        var upper: Int? = lower
        if takes(",") { upper = number() }
        guard peek == "}", upper.map({ $0 >= lower }) ?? true, lower <= 1000, upper ?? 0 <= 1000 else {
            throw PatternError(message: "a counted repetition is malformed or past 1000")
        }
        return (lower, upper)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let next = peek, next.value &- 0x30 < 10, value ?? 0 < 10_000 {
            value = (value ?? 0) * 10 + Int(next.value - 0x30)
            index += 1
        }
        return value
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        guard let next = take() else { throw PatternError(message: "it ends too early") }
        switch next {
        case ".": return .set(.dot)
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case "(": return try group()
        case "[": return .set(try set())
        case "\\": return try escaped()
        case "*", "+", "?", "{": throw PatternError(message: "a quantifier has nothing to repeat")
        default: return .set(.one(next))
        }
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 100 else { throw PatternError(message: "groups are nested too deep") }
        if takes("?") {
            if takes("P") || peek == "<" {
                guard takes("<") else { throw PatternError(message: "a group's name is malformed") }
                while let next = take(), next != ">" {}
            } else if !takes(":") {
                throw PatternError(message: "flags and look-around are not supported")
            }
        }
        let node = try choice()
        guard takes(")") else { throw PatternError(message: "a group is not closed") }
        return node
    }

    private mutating func escaped() throws(PatternError) -> PatternNode {
        let assertion: PatternAssertion? =
            switch peek {
            case "A": .start
            case "z": .end
            case "b": .wordBoundary
            case "B": .noWordBoundary
            default: nil
            }
        guard let assertion else { return .set(PatternSet(items: [try escapedItem()])) }
        index += 1
        return .assertion(assertion)
    }

    /// What follows a backslash, within a class or outside.
    private mutating func escapedItem() throws(PatternError) -> PatternSet.Item {
        guard let next = take() else { throw PatternError(message: "it ends in a backslash") }
        switch next {
        case "d", "D": return .digit(next == "d")
        case "w", "W": return .word(next == "w")
        case "s", "S": return .space(next == "s")
        case "n": return .range(0x0A...0x0A)
        case "r": return .range(0x0D...0x0D)
        case "t": return .range(0x09...0x09)
        case "f": return .range(0x0C...0x0C)
        case "v": return .range(0x0B...0x0B)
        case "x": return try hexadecimal(2)
        case "u": return try hexadecimal(4)
        default:
            guard next.isASCII, !PatternSet.isWord(next) else {
                throw PatternError(message: "\\\(next) is not supported")
            }
            return .range(next.value...next.value)
        }
    }

    private mutating func hexadecimal(_ width: Int) throws(PatternError) -> PatternSet.Item {
        var digits = ""
        if takes("{") {
            while let next = take(), next != "}" { digits.unicodeScalars.append(next) }
        } else {
            guard index + width <= scalars.count else {
                throw PatternError(message: "a hexadecimal escape is malformed")
            }
            digits.unicodeScalars.append(contentsOf: scalars[index..<index + width])
            index += width
        }
        guard let value = UInt32(digits, radix: 16), Unicode.Scalar(value) != nil else {
            throw PatternError(message: "a hexadecimal escape is malformed")
        }
        return .range(value...value)
    }

    private mutating func set() throws(PatternError) -> PatternSet {
        var set = PatternSet(items: [])
        set.isNegated = takes("^")
        var isFirst = true
        while let next = take() {
            if next == "]" && !isFirst { return set }
            isFirst = false
            if next == "[" || (next == "&" && peek == "&") || (next == "~" && peek == "~") {
                throw PatternError(message: "classes within classes are not supported")
            }
            let item = try next == "\\" ? escapedItem() : .range(next.value...next.value)
            set.items.append(try ranged(item))
        }
        throw PatternError(message: "a class is not closed")
    }

    /// `a-z`, where a hyphen and an end follow.
    private mutating func ranged(_ item: PatternSet.Item) throws(PatternError) -> PatternSet.Item {
        guard case .range(let first) = item, peek == "-", index + 1 < scalars.count,
            scalars[index + 1] != "]"
        else { return item }
        index += 1
        guard let next = take() else { return item }
        let end = try next == "\\" ? escapedItem() : .range(next.value...next.value)
        guard case .range(let last) = end, last.upperBound >= first.lowerBound else {
            throw PatternError(message: "a range in a class runs backwards")
        }
        return .range(first.lowerBound...last.upperBound)
    }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take() -> Unicode.Scalar? {
        guard let next = peek else { return nil }
        index += 1
        return next
    }

    private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }
}
