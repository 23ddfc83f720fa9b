/// Text of the wire, cut and compared by its bytes.
///
/// Swift's `Character` swallows a delimiter before a combining mark, and its `==` takes canonically equivalent texts for
/// equal (U+037E for a semicolon): what parses what clients send uses these instead. Delimiters are ASCII.
extension StringProtocol where SubSequence == Substring {
    /// Whether both have the same code points.
    @inlinable
    package func isSpelt(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Whether both have the same code points but for the case of ASCII letters.
    @inlinable
    package func isSpeltWithoutCase(_ other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { $0.loweredASCII == $1.loweredASCII }
    }

    /// Whether the text begins with these bytes.
    @inlinable
    package func begins(with start: some StringProtocol) -> Bool { utf8.starts(with: start.utf8) }

    /// Whether the byte stands in the text.
    @inlinable
    package func holds(_ byte: UInt8) -> Bool { utf8.contains(byte) }

    /// The pieces between the delimiters, empty ones too.
    @inlinable
    package func pieces(at delimiter: Unicode.Scalar) -> [Substring] {
        utf8.split(separator: UInt8(ascii: delimiter), omittingEmptySubsequences: false)
            .map { self[$0.startIndex..<$0.endIndex] }
    }

    /// What stands before the first delimiter and behind it; `nil` without one.
    @inlinable
    package func halves(at delimiter: Unicode.Scalar) -> (before: Substring, behind: Substring)? {
        guard let index = utf8.firstIndex(of: UInt8(ascii: delimiter)) else { return nil }
        return (self[..<index], self[utf8.index(after: index)...])
    }

    @inlinable
    package func index(byteBefore index: Index) -> Index { utf8.index(index, offsetBy: -1) }

    /// The text without the spaces and tabs around it (OWS: RFC 9110, section 5.6.3).
    @inlinable
    package var withoutBlanks: Substring {
        var start = startIndex
        var end = endIndex
        while start < end, utf8[start].isBlank { start = utf8.index(after: start) }
        while start < end, case let last = index(byteBefore: end), utf8[last].isBlank { end = last }
        return self[start..<end]
    }

    /// The text without the white space around it, as Unicode's `White_Space` and Rust's `str::trim` have it.
    package var withoutWhiteSpace: Substring {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return self[first..<scalars.index(after: last)]
    }

    /// The text with its ASCII letters in lower case.
    package var loweredASCII: String { String(decoding: utf8.map(\.loweredASCII), as: UTF8.self) }

    /// What stands between two quotes at the ends; `nil` where they are not there.
    @inlinable
    package var withinQuotes: Substring? {
        let quote = UInt8(ascii: "\"")
        guard utf8.count >= 2, utf8.first == quote, case let last = index(byteBefore: endIndex),
            utf8[last] == quote
        else { return nil }
        return self[utf8.index(after: startIndex)..<last]
    }
}
