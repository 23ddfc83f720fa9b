import CraneSystem

/// The elements of a comma-separated list with the white space around them taken off (RFC 9110, section 5.6.1);
/// empty elements are given as they stand. Quoted strings are not looked into.
@safe
struct ListElements {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = bytes
    }

    mutating func next() -> UnsafeRawBufferPointer? {
        guard unsafe position <= bytes.count else { return nil }
        let start = position
        var end = start
        while unsafe end < bytes.count, unsafe bytes[end] != UInt8(ascii: ",") { end += 1 }
        position = end + 1
        return unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<end]).withoutBlanks
    }
}

/// Whether `bytes`, in whichever case, are `lowercased`.
func isEqual(_ bytes: UnsafeRawBufferPointer, _ lowercased: StaticString) -> Bool {
    guard let start = bytes.baseAddress else { return lowercased.utf8CodeUnitCount == 0 }
    return unsafe matches(start, bytes.count, lowercased)
}

/// Whether `bytes` are a token (RFC 9110, section 5.6.2).
func isToken(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 0 else { return false }
    for index in 0..<bytes.count {
        let byte = unsafe bytes[index]
        guard ByteClass.token.contains(byte) else { return false }
    }
    return true
}
