/// Well-formedness of UTF-8 (RFC 3629 section 4).
enum UTF8Check {
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        check(bytes, allowingSurrogates: false)
    }

    /// With `allowingSurrogates`, ED A0 80 to ED BF BF pass too, as Python's `surrogatepass` takes them.
    static func check(_ bytes: Span<UInt8>, allowingSurrogates: Bool) -> Bool {
        var index = 0
        let end = bytes.count
        while index < end {
            let lead = bytes[index]
            index += 1
            if lead < 0x80 { continue }
            let length: Int
            // The bounds of the second byte exclude overlong forms, surrogates and what lies past U+10FFFF.
            var low: UInt8 = 0x80
            var high: UInt8 = 0xBF
            switch lead {
            case 0xC2...0xDF: length = 1
            case 0xE0...0xEF:
                length = 2
                if lead == 0xE0 { low = 0xA0 }
                if lead == 0xED && !allowingSurrogates { high = 0x9F }
            case 0xF0...0xF4:
                length = 3
                if lead == 0xF0 { low = 0x90 }
                if lead == 0xF4 { high = 0x8F }
            default: return false
            }
            guard end - index >= length, bytes[index] >= low, bytes[index] <= high else {
                return false
            }
            for offset in 1..<max(length, 1) where bytes[index + offset] & 0xC0 != 0x80 {
                return false
            }
            index += length
        }
        return true
    }
}
