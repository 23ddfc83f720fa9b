import CraneSchema
import Testing

@Suite("Patterns")
struct PatternTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let pattern: String
        let matches: [String]
        let misses: [String]

        var testDescription: String { pattern }
    }

    /// Agreed with Rust's `regex` crate.
    static let cases = [
        Case(pattern: "", matches: ["", "a"], misses: []),
        Case(pattern: "a", matches: ["a", "ba", "bab"], misses: ["", "A", "é"]),
        Case(pattern: "^a", matches: ["a", "ab"], misses: ["ba", "", "\na"]),
        Case(pattern: "a$", matches: ["a", "ba"], misses: ["ab", "a\n"]),
        Case(pattern: #"\Aa\z"#, matches: ["a"], misses: ["aa", "a\n"]),
        Case(
            pattern: "^(password|token)?$", matches: ["", "password", "token"], misses: ["tok", "passwordx"]),
        Case(pattern: "^[a-z]+$", matches: ["abc"], misses: ["", "aBc", "abc1", "é"]),
        Case(pattern: "^[^a-c]$", matches: ["d", "é", "\n"], misses: ["a", "dd", ""]),
        Case(pattern: "^[]a]$", matches: ["]", "a"], misses: ["[", "b"]),
        Case(pattern: #"^[a\-\]\d]$"#, matches: ["-", "]", "5", "٣"], misses: ["b", "\\"]),
        Case(pattern: "^[a-]$", matches: ["a", "-"], misses: ["b"]),
        Case(pattern: "^.$", matches: ["a", "é", "😀", "\r"], misses: ["", "\n", "ab", "e\u{301}"]),
        Case(pattern: "^a{2}$", matches: ["aa"], misses: ["a", "aaa"]),
        Case(pattern: "^a{2,}$", matches: ["aa", "aaaa"], misses: ["a"]),
        Case(pattern: "^a{1,3}$", matches: ["a", "aaa"], misses: ["", "aaaa"]),
        Case(pattern: "^a{0}b$", matches: ["b"], misses: ["ab"]),
        Case(pattern: "^(ab)*$", matches: ["", "abab"], misses: ["aba"]),
        Case(pattern: "^(?:a|b)+?c??$", matches: ["ab", "bac"], misses: ["c", "abcc"]),
        Case(
            pattern: "^(?P<year>\\d{4})-(?<month>\\d\\d)$", matches: ["2026-11"], misses: ["26-11", "2026-1"]),
        Case(pattern: #"^\w+@\w+\.\w+$"#, matches: ["a@b.c", "é_1@x.de"], misses: ["a@b", "@b.c"]),
        Case(pattern: #"\bcat\b"#, matches: ["cat", "a cat!"], misses: ["concat", "cats", "écat"]),
        Case(pattern: #"\Bcat"#, matches: ["concat"], misses: ["cat", "a cat"]),
        Case(pattern: #"^\S\s\D\W$"#, matches: ["a\u{A0}b!"], misses: ["a b1", " a b"]),
        Case(pattern: #"^\x41\x{e9}\u00e9\n\t\.\/$"#, matches: ["Aéé\n\t./"], misses: ["Aéé\n\t,/"]),
        Case(pattern: "(|a)+", matches: ["", "b"], misses: []),
        Case(pattern: "^(a*)*$", matches: ["", "aaaa"], misses: ["b"]),
        Case(pattern: "a|^b|c$", matches: ["xa", "bx", "xc"], misses: ["xb", "cx"]),
    ]

    @Test("match as Rust's do", arguments: cases)
    func matching(_ example: Case) throws {
        let pattern = try Pattern(parsing: example.pattern)
        for text in example.matches where !pattern.matches(text) { Issue.record("misses \(text)") }
        for text in example.misses where pattern.matches(text) { Issue.record("matches \(text)") }
    }

    @Test(
        "outside the language are refused with a reason",
        arguments: [
            "(", ")", "(a", "a)", "[", "[a", "[z-a]", "*", "a{2", "a{2,1}", "a{,3}", "a{2000}", "(?i)a",
            "(?=a)",
            "(?P<n", "\\", "\\q", "\\1", "\\p{L}", "[[:alpha:]]", "[a&&b]", "((a{999}){999}){999}",
            "\\x{110000}", "\\x4",
        ])
    func refused(_ source: String) {
        #expect(throws: PatternError.self) { try Pattern(parsing: source) }
    }

    @Test("that can begin at the start alone are told from others")
    func anchored() {
        let long = String(repeating: "a", count: 1 << 17)
        for pattern: Pattern in ["^password$", "^(a|b)c", "(^b|^c)", "\\Ab+", "(?:^x)+", "^^q"] {
            #expect(!pattern.matches(long))
        }
        for pattern: Pattern in ["^b|a$", "(^b)?a", "\\b^?a", "x*a", "^*aa", "^b*a"] {
            #expect(pattern.matches(long))
        }
    }

    @Test("know each ASCII character and those beyond in classes and their opposites")
    func classes() {
        let word: Pattern = "^\\w$"
        let noWord: Pattern = "^[^\\w]$"
        let some: Pattern = "^[a-fé?@~\\x00-]$"
        for value in UInt32(0)..<300 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            let isWord = scalar.properties.isAlphabetic || (48...57).contains(value) || scalar == "_"
            #expect(word.matches(text) == isWord && noWord.matches(text) == !isWord)
            #expect(some.matches(text) == "abcdefé?@~\0-".unicodeScalars.contains(scalar))
        }
    }

    @Test("take time linear to the text where backtracking would not end")
    func linear() {
        let text = String(repeating: "a", count: 5000) + "!"
        for pattern: Pattern in ["^(a+)+$", "^(a|aa)+$", "^(a*)*b", "(.*)(.*)(.*)(.*)x$"] {
            #expect(!pattern.matches(text))
        }
    }
}
