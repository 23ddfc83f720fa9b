import CraneSystem

/// The words of a text as PostgreSQL's full-text search keeps them: the same that SQLite's index has, cut by `SearchTokenizer`.
enum SearchVector {
    /// The longest word that PostgreSQL takes, in bytes (its manual, section 12.11).
    private static let longestWord = 2046
    /// The last place that a word can have there; words behind it are not found.
    private static let lastPlace = 16_383

    /// A text's words with their places, as a `tsvector` reads them.
    static func text(of text: String) -> String {
        let bytes = text.utf8.prefix(SearchIndex.textBytes)
        // Only that a character may be cut at the end: it is no word then.
        let beginning = bytes.count < text.utf8.count ? String(decoding: bytes, as: UTF8.self) : text
        let tokens = SearchTokenizer.tokens(beginning)
        var vector: [UInt8] = []
        vector.reserveCapacity(bytes.count + 6 * tokens.count)
        for (index, token) in tokens.prefix(lastPlace).enumerated() {
            vector.append(UInt8(ascii: "'"))
            vector += word(token.text).utf8
            vector.append(UInt8(ascii: "'"))
            vector.append(UInt8(ascii: ":"))
            vector.append(decimal: UInt64(index + 1))
            vector.append(UInt8(ascii: " "))
        }
        return String(decoding: vector, as: UTF8.self)
    }

    /// What is looked for, as a `tsquery` reads it: words of a phrase stand side by side.
    static func query(_ query: SearchQuery) -> String {
        query.phrases.map { phrase in
            let words = phrase.words.map { "'\(word($0))'" }.joined(separator: " <-> ")
            return "(\(words)\(phrase.isBeginning ? ":*" : ""))"
        }.joined(separator: " & ")
    }

    /// A word without its end, where it is longer than any may be: it is looked for without it too.
    ///
    /// Words are letters, digits and marks: none has to be written otherwise.
    private static func word(_ text: String) -> String {
        guard text.utf8.count > longestWord else { return text }
        var word = ""
        for scalar in text.unicodeScalars where word.utf8.count + 4 <= longestWord {
            word.unicodeScalars.append(scalar)
        }
        return word
    }
}
