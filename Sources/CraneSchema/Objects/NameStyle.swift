/// How the members of a whole type are called in JSON: `Object(Talk.init, names: .camelCase) { … }`.
public enum NameStyle: Sendable {
    /// As the fields say.
    case asWritten
    /// `talk_id` as `talkId`, pydantic's `to_camel`.
    case camelCase
    /// `talkID` as `talk_id`, pydantic's `to_snake`.
    case snakeCase

    /// The name of a member; letters beyond ASCII and digits are of no case.
    public func name(_ written: String) -> String {
        switch self {
        case .asWritten: written
        case .camelCase: NameStyle.camel(written)
        case .snakeCase: NameStyle.snake(written)
        }
    }

    @usableFromInline
    func applied<Root, Value>(to field: Field<Root, Value>) -> Field<Root, Value> {
        let name = name(field.name)
        return name == field.name ? field : field.renamed(name)
    }

    /// A name that begins with a small letter and has no underscore stays as it is.
    private static func camel(_ written: String) -> String {
        guard written.contains("_") else {
            let isCapital = written.utf8.first.map { $0 &- 0x41 < 26 } ?? false
            let words = isCapital ? snake(written) : written
            return words.contains("_") ? camel(words) : words
        }
        var words = ""
        var isStart = false
        for scalar in written.unicodeScalars {
            if scalar == "_" {
                isStart = !words.isEmpty && words.last != "_"
                words.unicodeScalars.append("_")
                continue
            }
            let letter = isStart ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
            if isStart { words.removeLast() }
            words += letter
            isStart = false
        }
        return words
    }

    private static func snake(_ written: String) -> String {
        let letters = Array(written.utf8)
        var words: [UInt8] = []
        func isUpper(_ index: Int) -> Bool { index < letters.count && letters[index] &- 0x41 < 26 }
        func isLower(_ index: Int) -> Bool { index < letters.count && letters[index] &- 0x61 < 26 }
        func isDigit(_ index: Int) -> Bool { letters[index] &- 0x30 < 10 }
        for index in letters.indices {
            let isNew =
                index > 0
                && (isUpper(index)
                    ? isLower(index - 1) || isDigit(index - 1) || isUpper(index - 1) && isLower(index + 1)
                    : isDigit(index) && isLower(index - 1))
            if isNew { words.append(UInt8(ascii: "_")) }
            words.append(letters[index] == UInt8(ascii: "-") ? UInt8(ascii: "_") : letters[index])
        }
        return String(decoding: words, as: UTF8.self).lowercased()
    }
}
