/// Writes values and commands as the protocol has them.
public struct RESPWriter: Sendable {
    /// What has been written and not taken.
    public private(set) var bytes: [UInt8] = []
    public var version: RESPVersion

    public init(_ version: RESPVersion = .two) {
        self.version = version
    }

    /// Gives what was written away, and begins anew.
    public mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Appends an answer; what RESP2 has no form for takes the one that Redis gives it.
    public mutating func write(_ value: RESPValue) {
        let isThree = version == .three
        switch value {
        case .simple(let text): line("+", text)
        case .error(let text): line("-", text)
        case .integer(let number): head(":", number)
        case .bulk(let content): bulk(content)
        case .null: bytes += isThree ? Array("_\r\n".utf8) : Array("$-1\r\n".utf8)
        case .nullArray: bytes += isThree ? Array("_\r\n".utf8) : Array("*-1\r\n".utf8)
        case .array(let elements): list("*", elements)
        case .map(let elements) where isThree:
            head("%", elements.count / 2)
            for element in elements { write(element) }
        case .set(let elements): list(isThree ? "~" : "*", elements)
        case .push(let elements): list(isThree ? ">" : "*", elements)
        case .map(let elements): list("*", elements)
        case .double(let number):
            let text = RESPWriter.text(of: number)
            if isThree { line(",", text) } else { bulk(Array(text.utf8)) }
        case .boolean(let flag):
            if isThree { line("#", flag ? "t" : "f") } else { head(":", flag ? 1 : 0) }
        }
    }

    /// Appends a command, as a client sends it.
    public mutating func write(command words: [[UInt8]]) {
        head("*", words.count)
        for word in words { bulk(word) }
    }

    /// A number as Redis prints it: whole ones without a fraction.
    public static func text(of number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        if number == number.rounded(), number.magnitude < 1e15 { return "\(Int(number))" }
        return "\(number)"
    }

    private mutating func list(_ kind: Character, _ elements: [RESPValue]) {
        head(kind, elements.count)
        for element in elements { write(element) }
    }

    private mutating func head(_ kind: Character, _ number: Int) { line(kind, String(number)) }

    /// A line ends with the first CR LF, so that neither may stand in it.
    private mutating func line(_ kind: Character, _ text: String) {
        bytes += kind.utf8
        bytes += text.utf8.map { $0 == 13 || $0 == 10 ? 0x20 : $0 }
        bytes += [13, 10]
    }

    private mutating func bulk(_ content: [UInt8]) {
        head("$", content.count)
        bytes += content
        bytes += [13, 10]
    }
}
