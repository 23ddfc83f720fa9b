/// Reads JSON text into a tree exactly as CPython 3.11's `json.loads` does, with its wording and offsets of errors.
///
/// Iterative, so that nesting costs heap and not stack; bounded by `JSONLimits`. Accepts what Python accepts beyond
/// RFC 8259: `NaN`, `Infinity`, `-Infinity`, lone surrogates, a byte order mark, UTF-16 and UTF-32.
@safe
struct JSONParser {
    /// Borrowed generalised UTF-8 that has passed `UTF8Check`.
    let text: UnsafeBufferPointer<UInt8>
    let end: Int
    let limits: JSONLimits
    var index = 0

    /// What stops the parser.
    enum Failure: Error {
        case syntax(String, at: Int)
        case limit(DecodingFailure.Reason)
    }

    /// A container whose end has not been met.
    enum Open {
        case array([JSONValue])
        case object(JSONObjectBuilder)
    }

    init(_ text: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) {
        unsafe self.text = text
        end = text.count
        self.limits = limits
    }

    /// The byte at an offset, 0 past the end; a NUL in the text is no token either.
    func byte(_ offset: Int) -> UInt8 {
        // The comparison keeps the subscript inside the borrowed text.
        offset < end ? unsafe text[offset] : 0
    }

    mutating func skipBlanks() {
        while true {
            let value = byte(index)
            guard value == 0x20 || value == 0x0A || value == 0x0D || value == 0x09 else { return }
            index += 1
        }
    }

    /// The whole document.
    mutating func document() throws(Failure) -> JSONValue {
        skipBlanks()
        let value = try self.value()
        skipBlanks()
        guard index == end else { throw .syntax("Extra data", at: index) }
        return value
    }

    /// One value with all that is inside it.
    private mutating func value() throws(Failure) -> JSONValue {
        var stack: [Open] = []
        while true {
            guard var ready = try step(&stack) else { continue }
            // A value is complete: put it into its container, and close what ends here.
            while true {
                guard let container = stack.popLast() else { return ready }
                guard let closed = try put(ready, container, &stack) else { break }
                ready = closed
            }
        }
    }

    /// Reads a scalar or an empty container; opens a container and gives nil where it has content.
    private mutating func step(_ stack: inout [Open]) throws(Failure) -> JSONValue? {
        switch byte(index) {
        case UInt8(ascii: "["):
            try enter(stack.count)
            if byte(index) == UInt8(ascii: "]") {
                index += 1
                return .array([])
            }
            stack.append(.array([]))
            return nil
        case UInt8(ascii: "{"):
            try enter(stack.count)
            if byte(index) == UInt8(ascii: "}") {
                index += 1
                return .object([])
            }
            var builder = JSONObjectBuilder()
            builder.key = try key()
            stack.append(.object(builder))
            return nil
        default: return try scalar()
        }
    }

    private mutating func enter(_ depth: Int) throws(Failure) {
        guard depth < limits.depth else { throw .limit(.depth) }
        index += 1
        skipBlanks()
    }

    /// Adds a value to its container; gives the container back where it ends after it.
    private mutating func put(
        _ value: JSONValue, _ container: consuming Open, _ stack: inout [Open]
    ) throws(Failure) -> JSONValue? {
        skipBlanks()
        switch container {
        case .array(var elements):
            elements.append(value)
            if byte(index) == UInt8(ascii: "]") {
                index += 1
                return .array(elements)
            }
            try comma()
            stack.append(.array(elements))
        case .object(var builder):
            builder.append(value)
            if byte(index) == UInt8(ascii: "}") {
                index += 1
                return .object(builder.members)
            }
            try comma()
            builder.key = try key()
            stack.append(.object(builder))
        }
        return nil
    }

    private mutating func comma() throws(Failure) {
        guard byte(index) == UInt8(ascii: ",") else { throw .syntax("Expecting ',' delimiter", at: index) }
        index += 1
        skipBlanks()
    }

    /// A member's key and the colon after it.
    private mutating func key() throws(Failure) -> String {
        guard byte(index) == 0x22 else {
            throw .syntax("Expecting property name enclosed in double quotes", at: index)
        }
        let key: String
        switch try string() {
        case .string(let text): key = text
        case .brokenString(let bytes): key = String(decoding: bytes, as: UTF8.self)
        default: key = ""
        }
        skipBlanks()
        guard byte(index) == UInt8(ascii: ":") else { throw .syntax("Expecting ':' delimiter", at: index) }
        index += 1
        skipBlanks()
        return key
    }
}
