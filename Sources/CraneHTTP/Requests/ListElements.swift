import CraneSystem

/// The elements of a comma-separated list with the white space around them taken off (RFC 9110, section 5.6.1);
/// empty elements are given as they stand. Quoted strings are not looked into.
struct ListElements: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    @_lifetime(copy self)
    mutating func next() -> Span<UInt8>? {
        guard position <= bytes.count else { return nil }
        let start = position
        let end = bytes.firstIndex(of: UInt8(ascii: ","), from: start) ?? bytes.count
        position = end + 1
        return bytes.extracting(start..<end).withoutBlanks
    }
}

/// Whether `bytes`, in whichever case, are `lowercased`.
func isEqual(_ bytes: Span<UInt8>, _ lowercased: String) -> Bool {
    bytes.equals(lowered: lowercased.utf8.span)
}

/// Whether `bytes` are a token (RFC 9110, section 5.6.2).
func isToken(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where !ByteClass.token.contains(bytes[index]) { return false }
    return !bytes.isEmpty
}
