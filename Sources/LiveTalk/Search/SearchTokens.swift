import CraneSystem
@_spi(_Unicode) import Swift

/// A word of a text as the search compares it, and where it stands.
struct SearchToken: Hashable, Sendable {
    /// Letters, digits and marks alone, folded; of a script without spaces two characters.
    let text: String
    /// Where it stands in the text, in UTF-8 code units.
    let range: Range<Int>
    /// Where its first character ends, when it is one of two that stand side by side in a script without spaces.
    let firstEnd: Int?
}

/// Cuts texts into the words that the search compares (UAX #15, UAX #29 in the rough).
///
/// Letters are compared in compatibility form, without case and without the marks of Latin, Greek, Cyrillic, Hebrew and Arabic;
/// invisible characters and tatweel count for nothing. Chinese, Japanese, Thai, Lao, Khmer and Burmese are written without
/// spaces: of these each two neighbours are a word. An emoji is one.
struct SearchTokenizer {
    private(set) var tokens: [SearchToken] = []
    /// The letters of the word, in UTF-8.
    private var word: [UInt8] = []
    private var wordStart = 0
    private var wordEnd = 0
    /// Characters of a script without spaces, side by side.
    private var characters: [(text: String, range: Range<Int>)] = []

    /// The words of a text, in their order; costs some tens of nanoseconds a character, more outside ASCII.
    ///
    /// - Parameter isQuery: whether the last of several neighbours in a script without spaces is left out, as only a text
    ///   ends with one.
    static func tokens(_ text: String, isQuery: Bool = false) -> [SearchToken] {
        var tokenizer = SearchTokenizer()
        let utf8 = text.utf8Span
        tokenizer.tokens.reserveCapacity(min(utf8.count / 4 + 1, 64))
        var scalars = utf8.makeUnicodeScalarIterator()
        var position = 0
        while position < utf8.count {
            let end = tokenizer.takeASCII(utf8.span, from: position, isQuery)
            if end > position {
                position = end
                continue
            }
            scalars.reset(roundingBackwardsFrom: position)
            guard let scalar = scalars.next() else { break }
            tokenizer.take(scalar, at: position..<scalars.currentCodeUnitOffset, isQuery)
            position = scalars.currentCodeUnitOffset
        }
        tokenizer.endAll(isQuery)
        return tokenizer.tokens
    }

    /// The letter in lower case, or the digit.
    private static func foldedASCII(_ byte: UInt8) -> UInt8? {
        if byte &- UInt8(ascii: "A") < 26 { return byte | 0x20 }
        return byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 ? byte : nil
    }

    /// Takes the ASCII characters from a place on; returns where the first other character stands.
    private mutating func takeASCII(_ text: Span<UInt8>, from start: Int, _ isQuery: Bool) -> Int {
        var place = start
        while place < text.count, text[place] < 0x80 {
            let begin = place
            while place < text.count, let byte = Self.foldedASCII(text[place]) {
                if place == begin { startWord(at: begin, isQuery) }
                word.append(byte)
                place += 1
            }
            if place > begin {
                wordEnd = place
            } else {
                endAll(isQuery)
                place += 1
            }
        }
        return place
    }

    private mutating func startWord(at start: Int, _ isQuery: Bool) {
        endCharacters(isQuery)
        if word.isEmpty { wordStart = start }
    }

    private mutating func take(_ scalar: Unicode.Scalar, at range: Range<Int>, _ isQuery: Bool) {
        let properties = scalar.properties
        if Self.isIgnored(scalar) || properties.isDefaultIgnorableCodePoint { return }
        if Self.isEmoji(scalar) {
            endAll(isQuery)
            // A letter of private use keeps it apart from words, and FTS5 takes it for a letter.
            let name = "\u{E000}" + String(scalar.value, radix: 16)
            tokens.append(SearchToken(text: name, range: range, firstEnd: nil))
            return
        }
        // A modifier changes the emoji before it, which is found all the same.
        if properties.isEmojiModifier { return }
        for part in Self.folded(scalar) { takeFolded(part, at: range, isQuery) }
    }

    private mutating func takeFolded(_ scalar: Unicode.Scalar, at range: Range<Int>, _ isQuery: Bool) {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark:
            if Self.isDropped(scalar) {
                if !word.isEmpty { wordEnd = range.upperBound }
                return
            }
            if let last = characters.popLast() {
                var text = last.text
                text.unicodeScalars.append(scalar)
                characters.append((text, last.range.lowerBound..<range.upperBound))
            } else {
                add(scalar, at: range)
            }
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            if Self.isWithoutSpaces(scalar) {
                endWord()
                characters.append((String(scalar), range))
            } else {
                endCharacters(isQuery)
                add(scalar, at: range)
            }
        default: endAll(isQuery)
        }
    }

    private mutating func add(_ scalar: Unicode.Scalar, at range: Range<Int>) {
        if word.isEmpty { wordStart = range.lowerBound }
        if let units = UTF8.encode(scalar) { word += units }
        wordEnd = range.upperBound
    }

    private mutating func endAll(_ isQuery: Bool) {
        endWord()
        endCharacters(isQuery)
    }

    private mutating func endWord() {
        guard !word.isEmpty else { return }
        let text = String(decoding: word, as: UTF8.self).composed
        tokens.append(SearchToken(text: text, range: wordStart..<wordEnd, firstEnd: nil))
        word.removeAll(keepingCapacity: true)
    }

    private mutating func endCharacters(_ isQuery: Bool) {
        guard let last = characters.last else { return }
        for (first, second) in zip(characters, characters.dropFirst()) {
            tokens.append(
                SearchToken(
                    text: (first.text + second.text).composed,
                    range: first.range.lowerBound..<second.range.upperBound,
                    firstEnd: first.range.upperBound))
        }
        if !isQuery || characters.count == 1 {
            tokens.append(
                SearchToken(text: last.text.composed, range: last.range, firstEnd: last.range.upperBound))
        }
        characters.removeAll(keepingCapacity: true)
    }

    /// In compatibility form and without case: by way of the upper case, in which the forms of a letter meet.
    private static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        var parts: [Unicode.Scalar] = []
        for compatible in CompatibilityForms.scalars[scalar] ?? [scalar] {
            for upper in compatible.properties.uppercaseMapping.unicodeScalars {
                parts += upper.properties.lowercaseMapping._nfd
            }
        }
        return parts
    }

    /// What a text is written with or without: tatweel, and zero width space where it is no default ignorable.
    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{640}" || scalar == "\u{200B}"
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        guard properties.isEmoji, !properties.isEmojiModifier else { return false }
        return properties.generalCategory == .otherSymbol || properties.generalCategory == .mathSymbol
    }

    /// Marks that people write or leave out: diacritics, Hebrew points, Arabic vowels.
    private static func isDropped(_ mark: Unicode.Scalar) -> Bool {
        switch mark.value {
        case 0x300...0x36F, 0x483...0x489, 0x591...0x5C7, 0x610...0x61A, 0x64B...0x65F, 0x670, 0x6D6...0x6ED,
            0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F:
            true
        default: false
        }
    }

    /// Han, kana, bopomofo, Thai, Lao, Burmese, Khmer, and what stands in for them elsewhere.
    private static func isWithoutSpaces(_ letter: Unicode.Scalar) -> Bool {
        switch letter.value {
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3005...0x3007, 0x3021...0x312F,
            0x31A0...0x31BF,
            0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA9E0...0xA9FF, 0xAA60...0xAA7F,
            0xF900...0xFAFF,
            0x1B000...0x1B16F, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
