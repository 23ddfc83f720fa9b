/// The words that somebody looks for.
struct SearchQuery: Hashable, Sendable {
    /// Words that must stand side by side, as of one written word; the last may be the beginning of one.
    struct Phrase: Hashable, Sendable {
        let words: [String]
        let isBeginning: Bool
    }

    let phrases: [Phrase]

    /// Reads what was typed: a word that is repeated counts once, and the first `CommentSearch.maximumTerms` alone, as each
    /// reads all its comments.
    init(_ text: String) {
        var phrases: [Phrase] = []
        // By scalars: a mark that follows a star makes one Character of both.
        for word in text.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace || $0 == "\0" }) {
            let tokens = SearchTokenizer.tokens(String(word), isQuery: true)
            guard let last = tokens.last else { continue }
            let begins = last.firstEnd == last.range.upperBound
            let asksForMore = word.last == "*" && Self.isLong(last, before: word)
            let phrase = Phrase(words: tokens.map(\.text), isBeginning: begins || asksForMore)
            if !phrases.contains(phrase) { phrases.append(phrase) }
            if phrases.count == CommentSearch.maximumTerms { break }
        }
        self.phrases = phrases
    }

    /// Whether a word that ends in a star has two letters or digits before it: what begins with one alone is in too many
    /// comments.
    private static func isLong(_ last: SearchToken, before word: Substring.UnicodeScalarView) -> Bool {
        last.range.upperBound == Substring(word).utf8.count - 1 && last.text.unicodeScalars.count > 1
    }

    /// For FTS5 (https://sqlite.org/fts5.html, section 3.1); the words hold no sign that means anything there.
    var expression: String {
        phrases.map { phrase in
            "\"" + phrase.words.joined(separator: " ") + (phrase.isBeginning ? "\"*" : "\"")
        }.joined(separator: " ")
    }

    /// Where a text holds the words, in UTF-8 code units: in their order, apart from one another.
    func ranges(in tokens: [SearchToken]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for start in tokens.indices {
            for phrase in phrases {
                guard let range = range(of: phrase, in: tokens[start...]) else { continue }
                if let last = found.last, range.lowerBound <= last.upperBound {
                    found[found.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
                } else {
                    found.append(range)
                }
            }
        }
        return found
    }

    private func range(of phrase: Phrase, in tokens: ArraySlice<SearchToken>) -> Range<Int>? {
        guard tokens.count >= phrase.words.count else { return nil }
        var end = 0
        for (index, pair) in zip(phrase.words, tokens).enumerated() {
            let (word, token) = pair
            let isLast = index == phrase.words.count - 1
            // By bytes, as FTS5 compares.
            if token.text.utf8.elementsEqual(word.utf8) {
                end = token.range.upperBound
            } else if isLast, phrase.isBeginning, token.text.utf8.starts(with: word.utf8) {
                // One character of two was looked for.
                end =
                    word.unicodeScalars.count == 1
                    ? token.firstEnd ?? token.range.upperBound : token.range.upperBound
            } else {
                return nil
            }
        }
        return tokens[tokens.startIndex].range.lowerBound..<end
    }
}
