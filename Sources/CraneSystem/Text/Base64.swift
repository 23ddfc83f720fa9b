/// Base64 (RFC 4648, sections 4 and 5).
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlAlphabet = Array(alphabet.dropLast(2) + "-_".utf8)

    /// The bytes as text with padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        encode(bytes, alphabet, isPadded: true)
    }

    /// The bytes as text that may stand in a URL or a file's name, without padding.
    package static func encodeForURL(_ bytes: [UInt8]) -> String {
        encode(bytes, urlAlphabet, isPadded: false)
    }

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8], isPadded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0...group.count { text.append(alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63]) }
            if isPadded { for _ in group.count..<3 { text.append(UInt8(ascii: "=")) } }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether `text` has the form of so many bytes encoded with padding; the spare bits of the last digit may be set.
    package static func isText(_ text: String, ofBytes count: Int) -> Bool {
        let digits = (count * 4 + 2) / 3
        let padding = (count + 2) / 3 * 4 - digits
        return text.utf8.count == digits + padding && text.utf8.prefix(digits).allSatisfy(alphabet.contains)
            && text.utf8.suffix(padding).allSatisfy { $0 == UInt8(ascii: "=") }
    }

    /// The bytes, as Python's `base64.b64decode` reads them: what is not of the alphabet is passed over.
    ///
    /// `nil` for text that is not ASCII, or that ends within four characters without padding.
    package static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var position = 0
        var pads = 0
        for character in text.utf8 {
            guard character < 0x80 else { return nil }
            if character == UInt8(ascii: "=") {
                if position >= 2 {
                    pads += 1
                    if position + pads >= 4 { return bytes }
                }
                continue
            }
            guard let value = value(of: character) else { continue }
            pads = 0
            bits = bits << 6 | value
            position = (position + 1) & 3
            if position != 1 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(2 * (-position & 3)))) }
        }
        return position == 0 ? bytes : nil
    }

    /// The bytes of text that may stand in a URL, without padding; `nil` for any other text.
    @inlinable
    package static func decodeFromURL(_ text: some StringProtocol) -> [UInt8]? {
        decodeFromURL(Array(text.utf8))
    }

    /// The same of a text's bytes.
    @usableFromInline
    package static func decodeFromURL(_ text: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var count = 0
        for character in text {
            let digit: UInt32? =
                switch character {
                case UInt8(ascii: "-"): 62
                case UInt8(ascii: "_"): 63
                case UInt8(ascii: "+"), UInt8(ascii: "/"): nil
                default: value(of: character)
                }
            guard let digit else { return nil }
            bits = bits << 6 | digit
            count += 1
            if count & 3 != 1 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(2 * (-count & 3)))) }
        }
        return count & 3 == 1 ? nil : bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case 65...90: UInt32(character - 65)
        case 97...122: UInt32(character - 71)
        case 48...57: UInt32(character + 4)
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
