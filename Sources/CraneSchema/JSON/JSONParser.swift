/// Reads JSON text into a tree exactly as CPython 3.11's `json.loads` does, with its wording and offsets of errors.
///
/// Iterative, so that nesting costs heap and not stack; bounded by `JSONLimits`. Accepts what Python accepts beyond
/// RFC 8259: `NaN`, `Infinity`, `-Infinity`, lone surrogates, a byte order mark, UTF-16 and UTF-32.
struct JSONParser: ~Escapable {
    /// Generalised UTF-8 that has passed `UTF8Check`.
    let text: Span<UInt8>
    let end: Int
    let limits: JSONLimits
    var index = 0

    /// What stops the parser.
    enum Failure: Error {
        case syntax(String, at: Int)
        case limit(DecodingFailure.Reason)
    }

    /// A container whose end has not been met; changed in place, so that adding to it copies nothing.
    private struct Open {
        let isObject: Bool
        var elements: [JSONValue] = []
        var members = JSONObjectBuilder()

        var value: JSONValue { isObject ? .object(members.members) : .array(elements) }
    }

    @_lifetime(copy text)
    init(_ text: Span<UInt8>, _ limits: JSONLimits) {
        self.text = text
        end = text.count
        self.limits = limits
    }

    /// The byte at an offset, 0 past the end; a NUL in the text is no token either.
    func byte(_ offset: Int) -> UInt8 {
        offset < end ? text[offset] : 0
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
                guard !stack.isEmpty else { return ready }
                guard try put(ready, &stack[stack.count - 1]) else { break }
                ready = stack.removeLast().value
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
            stack.append(Open(isObject: false))
            return nil
        case UInt8(ascii: "{"):
            try enter(stack.count)
            if byte(index) == UInt8(ascii: "}") {
                index += 1
                return .object([])
            }
            var container = Open(isObject: true)
            container.members.key = try key()
            stack.append(container)
            return nil
        default: return try scalar()
        }
    }

    private mutating func enter(_ depth: Int) throws(Failure) {
        guard depth < limits.depth else { throw .limit(.depth) }
        index += 1
        skipBlanks()
    }

    /// Adds a value to its container and says whether the container ends after it.
    private mutating func put(_ value: JSONValue, _ container: inout Open) throws(Failure) -> Bool {
        if container.isObject { container.members.append(value) } else { container.elements.append(value) }
        skipBlanks()
        if byte(index) == (container.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            index += 1
            return true
        }
        try comma()
        if container.isObject { container.members.key = try key() }
        return false
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
