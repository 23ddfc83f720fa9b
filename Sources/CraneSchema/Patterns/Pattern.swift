/// A regular expression that is searched for in time linear to the text, whatever the text.
///
/// The language is the part of Rust's `regex` (which pydantic uses) without flags, Unicode categories and class
/// arithmetic: literals, `.`, classes, `\d \w \s` and their opposites, `\b \B ^ $ \A \z`, groups, `|`, and the quantifiers
/// `* + ? {n} {n,} {n,m}`. Characters are code points; `$` matches at the very end only. There is no backtracking, so
/// hostile text cannot make it slow. Cost: text length times pattern size, six allocations a search; one that begins with `^`
/// ends where it can hold no more.
public struct Pattern: Sendable, ExpressibleByStringLiteral {
    /// The expression as it was written.
    public let source: String
    private let program: [PatternInstruction]
    /// Whether a match can begin at the start of the text only.
    private let isAnchored: Bool
    /// What is wrong with a literal outside the language; such a pattern has no program.
    let mistake: String?

    /// Throws a `PatternError` for an expression outside the language.
    public init(parsing source: String) throws(PatternError) {
        var parser = PatternParser(source)
        var compiler = PatternCompiler()
        self.source = source
        program = try compiler.program(for: try parser.expression())
        isAnchored = Pattern.isAnchored(program)
        mistake = nil
    }

    /// An expression outside the language is a mistake in the code: `App.build()` traps and names the route, and so does
    /// the first search elsewhere.
    public init(stringLiteral source: String) {
        do {
            self = try Pattern(parsing: source)
        } catch {
            self.source = source
            program = []
            isAnchored = false
            mistake = "pattern '\(source)': \(error.message)"
        }
    }

    /// Whether the expression matches anywhere in the text.
    public func matches(_ text: String) -> Bool {
        if let mistake { preconditionFailure(mistake) }
        var current = PatternThreads(program.count)
        var following = PatternThreads(program.count)
        var before: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        var scalar = scalars.next()
        while true {
            // A search may start at every place.
            if !isAnchored || before == nil, current.follow(0, in: program, before, scalar) { return true }
            guard let present = scalar, !isAnchored || !current.waiting.isEmpty else { return false }
            let next = scalars.next()
            following.removeAll()
            for index in current.waiting {
                guard case .scalar(let set) = program[index], set.contains(present) else { continue }
                if following.follow(index + 1, in: program, present, next) { return true }
            }
            swap(&current, &following)
            before = present
            scalar = next
        }
    }

    /// Whether every way from the beginning of the program leads through `^`.
    private static func isAnchored(_ program: [PatternInstruction]) -> Bool {
        var isSeen = [Bool](repeating: false, count: program.count)
        var pending = [0]
        while let index = pending.popLast() {
            if isSeen[index] { continue }
            isSeen[index] = true
            switch program[index] {
            case .scalar, .match: return false
            case .split(let first, let second): pending += [first, second]
            case .jump(let target): pending.append(target)
            case .assertion(.start): break
            case .assertion: pending.append(index + 1)
            }
        }
        return true
    }
}
