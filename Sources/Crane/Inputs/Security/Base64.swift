/// Base64 as Python's `base64.b64decode` reads it (RFC 4648, section 4): what is not of the alphabet is passed over.
enum Base64 {
    /// The bytes; `nil` for text that is not ASCII, or that ends within four characters without padding.
    static func decode(_ text: String) -> [UInt8]? {
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
