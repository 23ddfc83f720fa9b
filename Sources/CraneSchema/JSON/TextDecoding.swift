/// The text of a JSON body in generalised UTF-8, its encoding guessed as Python's `json.detect_encoding` does.
enum TextDecoding {
    enum Encoding {
        case utf8(skipping: Int)
        case utf16(bigEndian: Bool, skipping: Int)
        case utf32(bigEndian: Bool, skipping: Int)
    }

    /// Looks at byte order marks and at where the first NUL bytes are (RFC 4627 section 3).
    static func encoding(of bytes: Span<UInt8>) -> Encoding {
        let head = (0..<min(4, bytes.count)).map { bytes[$0] }
        if head.starts(with: [0, 0, 0xFE, 0xFF]) { return .utf32(bigEndian: true, skipping: 4) }
        if head.starts(with: [0xFF, 0xFE, 0, 0]) { return .utf32(bigEndian: false, skipping: 4) }
        if head.starts(with: [0xFE, 0xFF]) { return .utf16(bigEndian: true, skipping: 2) }
        if head.starts(with: [0xFF, 0xFE]) { return .utf16(bigEndian: false, skipping: 2) }
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8(skipping: 3) }
        if bytes.count >= 4 {
            if head[0] == 0 {
                return head[1] != 0
                    ? .utf16(bigEndian: true, skipping: 0) : .utf32(bigEndian: true, skipping: 0)
            }
            if head[1] == 0 {
                return head[2] != 0 || head[3] != 0
                    ? .utf16(bigEndian: false, skipping: 0) : .utf32(bigEndian: false, skipping: 0)
            }
        } else if bytes.count == 2 {
            if head[0] == 0 { return .utf16(bigEndian: true, skipping: 0) }
            if head[1] == 0 { return .utf16(bigEndian: false, skipping: 0) }
        }
        return .utf8(skipping: 0)
    }

    /// UTF-16 as generalised UTF-8; nil where a byte is left over. Lone surrogates pass.
    static func utf16(_ bytes: Span<UInt8>, bigEndian: Bool) -> [UInt8]? {
        guard bytes.count % 2 == 0 else { return nil }
        func unit(_ index: Int) -> UInt32 {
            let first = UInt32(bytes[index])
            let second = UInt32(bytes[index + 1])
            return bigEndian ? first << 8 | second : second << 8 | first
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            var value = unit(index)
            index += 2
            if value & 0xFC00 == 0xD800, index < bytes.count, unit(index) & 0xFC00 == 0xDC00 {
                value = 0x10000 + (value - 0xD800) << 10 + (unit(index) - 0xDC00)
                index += 2
            }
            append(value, to: &text)
        }
        return text
    }

    /// UTF-32 as generalised UTF-8; nil where bytes are left over or a value is past U+10FFFF.
    static func utf32(_ bytes: Span<UInt8>, bigEndian: Bool) -> [UInt8]? {
        guard bytes.count % 4 == 0 else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count, by: 4) {
            var value: UInt32 = 0
            for offset in 0..<4 {
                value = value << 8 | UInt32(bytes[index + (bigEndian ? offset : 3 - offset)])
            }
            guard value <= 0x10FFFF else { return nil }
            append(value, to: &text)
        }
        return text
    }

    /// Appends a code point, a surrogate too, as generalised UTF-8.
    static func append(_ value: UInt32, to text: inout [UInt8]) {
        func trail(_ shift: UInt32) -> UInt8 {
            0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F)
        }
        switch value {
        case 0..<0x80: text.append(UInt8(truncatingIfNeeded: value))
        case 0x80..<0x800: text += [0xC0 | UInt8(truncatingIfNeeded: value >> 6), trail(0)]
        case 0x800..<0x10000: text += [0xE0 | UInt8(truncatingIfNeeded: value >> 12), trail(6), trail(0)]
        default: text += [0xF0 | UInt8(truncatingIfNeeded: value >> 18), trail(12), trail(6), trail(0)]
        }
    }
}
