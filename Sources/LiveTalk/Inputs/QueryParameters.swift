/// The pairs of a query, decoded as a form is: `+` is a space, `%XX` a byte (WHATWG URL, section 5.1).
struct QueryParameters {
    private let pairs: [(name: String, value: String)]

    /// Bytes that are not UTF-8 become U+FFFD; a name without `=` has an empty value.
    init(_ query: String?) {
        guard let query else {
            pairs = []
            return
        }
        pairs = query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            return (Self.decode(pair[..<end]), Self.decode(pair[end...].dropFirst()))
        }
    }

    /// The value; of several pairs with this name the last one counts.
    subscript(name: String) -> String? {
        pairs.last { $0.name == name }?.value
    }

    private static func decode(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                if let decoded = hexPair(rest) {
                    bytes.append(decoded)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexPair(_ text: Substring.UTF8View) -> UInt8? {
        let pair = text.prefix(2)
        guard pair.count == 2, pair.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
            return nil
        }
        return UInt8(String(Substring(pair)), radix: 16)
    }
}
