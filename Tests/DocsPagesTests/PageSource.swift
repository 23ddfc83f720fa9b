/// A script or style of the pages, read without its comments, texts and patterns; tells what no browser would take.
///
/// That is its lexical grammar (ECMA-262, section 12; CSS Syntax, section 4) as far as the pages use it, and brackets in
/// pairs: what is left is for the browser of `Tests/DocsPages`.
struct PageSource {
    enum Language {
        case script, style
    }

    struct Mistake: Hashable, CustomStringConvertible {
        let line: Int
        let reason: String

        var description: String { "line \(line): \(reason)" }
    }

    private let language: Language
    private let text: [Character]
    private var index = 0
    private var line = 1
    /// The brackets that are open; "`" for the `${` of a template.
    private var open: [(bracket: Character, line: Int)] = []
    /// The last thing that was no blank: a `/` behind a value divides, elsewhere it begins a pattern.
    private var last: Character?
    private var word = ""
    private var isInWord = false
    private(set) var mistakes: [Mistake] = []
    /// The code with blanks for comments and for what stands in texts and patterns.
    private(set) var code = ""

    init(_ text: String, _ language: Language) {
        self.text = Array(text)
        self.language = language
        while index < self.text.count { step() }
        for (bracket, line) in open {
            mistakes.append(Mistake(line: line, reason: "\(bracket) is not closed"))
        }
    }

    private var next: Character? { index + 1 < text.count ? text[index + 1] : nil }

    private mutating func take(showing shown: Bool = true) {
        let character = text[index]
        if character == "\n" { line += 1 }
        code.append(shown || character == "\n" ? character : " ")
        index += 1
    }

    private mutating func fail(_ reason: String) {
        mistakes.append(Mistake(line: line, reason: reason))
    }

    private mutating func step() {
        let character = text[index]
        switch character {
        case "/" where next == "*": skipComment()
        case "/" where language == .script && next == "/":
            while index < text.count, text[index] != "\n" { take(showing: false) }
        case "\"", "'": skipText(character)
        case "`" where language == .script: skipTemplate()
        case "/" where language == .script && !isBehindValue: skipPattern()
        case "(", "[", "{":
            open.append((character, line))
            accept(character)
        case ")", "]", "}": close(character)
        default: accept(character)
        }
    }

    private mutating func accept(_ character: Character) {
        if character.isLetter || character.isNumber || character == "_" || character == "$" {
            word = isInWord ? word + String(character) : String(character)
            isInWord = true
            last = character
        } else {
            isInWord = false
            if !character.isWhitespace {
                word = ""
                last = character
            }
        }
        take()
    }

    /// Whether a value has just ended.
    private var isBehindValue: Bool {
        guard let last, !["return", "typeof", "case", "of", "in"].contains(word) else { return false }
        return last.isLetter || last.isNumber || ")]}\"'`_$".contains(last)
    }

    private mutating func close(_ bracket: Character) {
        let partners: [Character: Character] = [")": "(", "]": "[", "}": "{"]
        guard let (opened, _) = open.popLast() else {
            fail("\(bracket) closes nothing")
            return accept(bracket)
        }
        if opened == "`", bracket == "}" {
            take()
            return skipTemplateText()
        }
        if opened != partners[bracket] { fail("\(bracket) closes \(opened)") }
        accept(bracket)
    }

    private mutating func skipComment() {
        let began = line
        take(showing: false)
        take(showing: false)
        while index < text.count, !(text[index] == "*" && next == "/") { take(showing: false) }
        guard index < text.count else {
            return mistakes.append(Mistake(line: began, reason: "the comment has no end"))
        }
        take(showing: false)
        take(showing: false)
    }

    private mutating func skipText(_ quote: Character) {
        take()
        while index < text.count, text[index] != quote {
            if text[index] == "\n" { return fail("the text has no end") }
            if text[index] == "\\", next != nil { take(showing: false) }
            take(showing: false)
        }
        guard index < text.count else { return fail("the text has no end") }
        accept(quote)
    }

    private mutating func skipTemplate() {
        take()
        skipTemplateText()
    }

    private mutating func skipTemplateText() {
        while index < text.count, text[index] != "`" {
            if text[index] == "$", next == "{" {
                open.append(("`", line))
                take()
                take()
                (last, word, isInWord) = (nil, "", false)
                return
            }
            if text[index] == "\\", next != nil { take(showing: false) }
            take(showing: false)
        }
        guard index < text.count else { return fail("the template has no end") }
        accept("`")
    }

    private mutating func skipPattern() {
        take()
        var isClass = false
        while index < text.count, isClass || text[index] != "/" {
            if text[index] == "\n" { return fail("the pattern has no end") }
            if text[index] == "[" { isClass = true }
            if text[index] == "]" { isClass = false }
            if text[index] == "\\", next != nil { take(showing: false) }
            take(showing: false)
        }
        guard index < text.count else { return fail("the pattern has no end") }
        accept("/")
        last = ")"
    }
}
