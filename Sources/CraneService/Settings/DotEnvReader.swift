/// Takes the bindings of a `.env` file one after another.
struct DotEnvReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        // A byte order mark is what some editors put first.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next `NAME=value`, `nil` at the end; a name without `=` sets nothing.
    mutating func next() throws(DotEnv.Malformed) -> DotEnv.Entry? {
        while true {
            skipBlankLines()
            guard let first = peek else { return nil }
            if first == UInt8(ascii: "#") {
                skipLine()
                continue
            }
            let start = line
            skipExport()
            let name = try readName()
            // An invisible character would make another name of a setting's.
            if let odd = name.unicodeScalars.first(where: { !(" "..."~").contains($0) }) {
                let number = String(odd.value, radix: 16, uppercase: true)
                throw DotEnv.Malformed(
                    line: start,
                    reason:
                        "the name has the character U+\(String(repeating: "0", count: max(4 - number.count, 0)))"
                        + "\(number): names are of ASCII")
            }
            skipSpaces()
            guard peek == UInt8(ascii: "=") else {
                try endLine(startedOn: start)
                continue
            }
            position += 1
            skipSpaces()
            let value = try readValue()
            try endLine(startedOn: start)
            return DotEnv.Entry(name: name, value: value, line: start)
        }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0B || byte == 0x0C
    }

    private static func isNewline(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private mutating func skipSpaces() {
        while let byte = peek, DotEnvReader.isSpace(byte) { position += 1 }
    }

    private mutating func skipBlankLines() {
        while let byte = peek, DotEnvReader.isSpace(byte) || DotEnvReader.isNewline(byte) {
            if byte == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    private mutating func skipLine() {
        while let byte = peek, !DotEnvReader.isNewline(byte) { position += 1 }
    }

    private mutating func skipExport() {
        let word = Array("export".utf8)
        let end = position + word.count
        guard end < bytes.count, bytes[position..<end].elementsEqual(word) else { return }
        guard DotEnvReader.isSpace(bytes[end]) else { return }
        position = end
        skipSpaces()
    }

    private mutating func readName() throws(DotEnv.Malformed) -> String {
        let start = position
        if peek == UInt8(ascii: "'") { return try readQuoted(escapes: [:]) }
        while let byte = peek, byte != UInt8(ascii: "="), byte != UInt8(ascii: "#"),
            !DotEnvReader.isSpace(byte), !DotEnvReader.isNewline(byte)
        {
            position += 1
        }
        guard position > start else { throw DotEnv.Malformed(line: line, reason: "expected NAME=value") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func readValue() throws(DotEnv.Malformed) -> String {
        switch peek {
        case UInt8(ascii: "'"): try readQuoted(escapes: DotEnvReader.singleEscapes)
        case UInt8(ascii: "\""): try readQuoted(escapes: DotEnvReader.doubleEscapes)
        default: readPlain()
        }
    }

    private static let singleEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "'"): UInt8(ascii: "'"),
    ]

    private static let doubleEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "'"): UInt8(ascii: "'"),
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8,
        UInt8(ascii: "f"): 12,
        UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]

    /// Reads to the matching quote, over line ends too; a backslash before any other byte stays.
    private mutating func readQuoted(escapes: [UInt8: UInt8]) throws(DotEnv.Malformed) -> String {
        let quote = bytes[position]
        let start = line
        var text: [UInt8] = []
        position += 1
        while let byte = peek {
            position += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "\\"), let escaped = peek, let meaning = escapes[escaped] {
                text.append(meaning)
                position += 1
            } else {
                text.append(byte)
            }
        }
        throw DotEnv.Malformed(line: start, reason: "the quote is never closed")
    }

    /// Reads to the end of the line or to a `#` after a space, and drops the spaces at the end.
    private mutating func readPlain() -> String {
        let start = position
        skipLine()
        var end = start
        while end < position {
            if bytes[end] == UInt8(ascii: "#"), end > start, DotEnvReader.isSpace(bytes[end - 1]) { break }
            end += 1
        }
        while end > start, DotEnvReader.isSpace(bytes[end - 1]) { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func endLine(startedOn start: Int) throws(DotEnv.Malformed) {
        skipSpaces()
        if peek == UInt8(ascii: "#") { skipLine() }
        guard let byte = peek else { return }
        guard DotEnvReader.isNewline(byte) else {
            throw DotEnv.Malformed(line: start, reason: "expected NAME=value and nothing after it")
        }
    }
}
