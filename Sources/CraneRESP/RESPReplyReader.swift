/// Reads the answers that a server sends, of both versions. Pure, and the client's end of the protocol.
public struct RESPReplyReader: Sendable {
    /// What an answer may be.
    public struct Limits: Sendable {
        /// Bytes of one string.
        public var bytes: Int
        /// Values of one answer, with all that are within them.
        public var values: Int
        /// Lists within lists.
        public var depth: Int

        public init(bytes: Int = 64 << 20, values: Int = 1 << 20, depth: Int = 16) {
            self.bytes = bytes
            self.values = values
            self.depth = depth
        }
    }

    /// A list that has not come whole.
    private struct Open: Sendable {
        let kind: UInt8
        var awaited: Int
        var elements: [RESPValue] = []
    }

    /// What a line begins.
    private enum Step {
        case value(RESPValue)
        /// A string of so many bytes, behind its kind.
        case string(UInt8, Int)
        case list(UInt8, Int)
    }

    private let limits: Limits
    private var input = RESPInput()
    private var open: [Open] = []
    private var string: (kind: UInt8, length: Int)?
    private var values = 0

    public init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes bytes as they have come, which are copied.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        // The input copies them.
        unsafe input.append(bytes)
    }

    /// The next answer; `nil` when it has not come whole.
    public mutating func next() throws(RESPError) -> RESPValue? {
        while true {
            guard var value = try nextScalar() else { return nil }
            while var list = open.popLast() {
                list.elements.append(value)
                list.awaited -= 1
                guard list.awaited == 0 else {
                    open.append(list)
                    break
                }
                guard let whole = Self.whole(list) else {
                    // An attribute says something about the value behind it, which comes in its place.
                    guard let next = try nextScalar() else { return nil }
                    value = next
                    continue
                }
                value = whole
            }
            guard open.isEmpty else { continue }
            values = 0
            return value
        }
    }

    /// The next value that is no list with elements; the lists on the way to it are opened.
    private mutating func nextScalar() throws(RESPError) -> RESPValue? {
        while true {
            if let (kind, length) = string {
                guard let bytes = try input.block(length) else { return nil }
                string = nil
                return try Self.value(kind, bytes)
            }
            guard let line = try input.line(limit: 64 << 10) else { return nil }
            values += 1
            guard values <= limits.values else { throw RESPError("an answer of too many values") }
            switch try step(line) {
            case .value(let value): return value
            case .string(let kind, let length): string = (kind, length)
            case .list(let kind, let count):
                guard open.count < limits.depth else { throw RESPError("lists too deep in each other") }
                open.append(Open(kind: kind, awaited: count))
            }
        }
    }

    private func step(_ line: ArraySlice<UInt8>) throws(RESPError) -> Step {
        guard let kind = line.first else { throw RESPError("an empty line") }
        let rest = line.dropFirst()
        switch kind {
        case UInt8(ascii: "+"): return .value(.simple(String(decoding: rest, as: UTF8.self)))
        case UInt8(ascii: "-"): return .value(.error(String(decoding: rest, as: UTF8.self)))
        case UInt8(ascii: ":"): return .value(.integer(try RESPInput.number(rest)))
        case UInt8(ascii: "_") where rest.isEmpty: return .value(.null)
        case UInt8(ascii: ","): return .value(.double(try Self.double(rest)))
        case UInt8(ascii: "#") where rest.elementsEqual([UInt8(ascii: "t")]): return .value(.boolean(true))
        case UInt8(ascii: "#") where rest.elementsEqual([UInt8(ascii: "f")]): return .value(.boolean(false))
        // A number past 64 bits is its digits.
        case UInt8(ascii: "("): return .value(.bulk(Array(rest)))
        case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="):
            let length = try RESPInput.number(rest)
            if length == -1, kind == UInt8(ascii: "$") { return .value(.null) }
            guard (0...limits.bytes).contains(length) else { throw RESPError("a string of an odd length") }
            return .string(kind, length)
        case UInt8(ascii: "*"), UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "|"):
            return try list(kind, try RESPInput.number(rest))
        default: throw RESPError("a line of no known kind")
        }
    }

    private func list(_ kind: UInt8, _ count: Int) throws(RESPError) -> Step {
        if count == -1, kind == UInt8(ascii: "*") { return .value(.nullArray) }
        guard (0...limits.values).contains(count) else { throw RESPError("a list of an odd length") }
        let isPairs = kind == UInt8(ascii: "%") || kind == UInt8(ascii: "|")
        if count == 0, let empty = Self.whole(Open(kind: kind, awaited: 0)) { return .value(empty) }
        guard count > 0 else { throw RESPError("an attribute that says nothing") }
        return .list(kind, isPairs ? 2 * count : count)
    }

    /// The value that a list is; `nil` for an attribute.
    private static func whole(_ list: Open) -> RESPValue? {
        switch list.kind {
        case UInt8(ascii: "*"): .array(list.elements)
        case UInt8(ascii: "%"): .map(list.elements)
        case UInt8(ascii: "~"): .set(list.elements)
        case UInt8(ascii: ">"): .push(list.elements)
        default: nil
        }
    }

    private static func value(_ kind: UInt8, _ bytes: [UInt8]) throws(RESPError) -> RESPValue {
        switch kind {
        case UInt8(ascii: "!"): return .error(String(decoding: bytes, as: UTF8.self))
        case UInt8(ascii: "="):
            // Three letters and a colon say what kind of text it is.
            guard bytes.count >= 4, bytes[3] == UInt8(ascii: ":") else {
                throw RESPError("a text of no kind")
            }
            return .bulk(Array(bytes[4...]))
        default: return .bulk(bytes)
        }
    }

    private static func double(_ text: ArraySlice<UInt8>) throws(RESPError) -> Double {
        switch String(decoding: text, as: UTF8.self) {
        case "inf": return .infinity
        case "-inf": return -.infinity
        case "nan": return .nan
        case let text:
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
                let number = Double(text)
            else { throw RESPError("a line that is no number") }
            return number
        }
    }
}
