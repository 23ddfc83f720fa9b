import CraneSystem

extension IPAddress {
    /// Parses dotted IPv4 (four decimal parts, no leading zeros) or RFC 4291 IPv6 text, without brackets or zone.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        self.init(text.utf8.span)
    }

    /// Parses an address from its text's bytes; allocates nothing.
    package init?(_ text: Span<UInt8>) {
        if let v4 = IPAddress.parseV4(text) {
            self.init(v4: v4)
        } else if let value = IPAddress.parseV6(text) {
            self.init(high: UInt64(truncatingIfNeeded: value >> 64), low: UInt64(truncatingIfNeeded: value))
        } else {
            return nil
        }
    }

    static func parseV4(_ text: Span<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var dots = 0
        for index in 0..<text.count {
            let byte = text[index]
            if isDigit(byte) {
                // No leading zero: some read it as octal.
                guard digits == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(byte - 48)
                digits += 1
                guard part < 256 else { return nil }
            } else {
                guard byte == UInt8(ascii: "."), digits > 0, dots < 3 else { return nil }
                value = value << 8 | part
                part = 0
                digits = 0
                dots += 1
            }
        }
        return dots == 3 && digits > 0 ? value << 8 | part : nil
    }

    static func parseV6(_ text: Span<UInt8>) -> UInt128? {
        // The groups before the "::", and those read since it or since the start.
        var front: (value: UInt128, count: Int)?
        var value: UInt128 = 0
        var count = 0
        var index = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return nil }
            front = (0, 0)
            index = 2
        }
        while index < text.count {
            guard count < 8 else { return nil }
            let start = index
            var group: UInt128 = 0
            while index < text.count, let digit = text[index].hexValue {
                guard index - start < 4 else { return nil }
                group = group << 4 | UInt128(digit)
                index += 1
            }
            // RFC 4291, section 2.2 (3): the last 32 bits may stand in dotted form.
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard let v4 = parseV4(text.extracting(start...)) else {
                    return nil
                }
                value = value << 32 | UInt128(v4)
                count += 2
                break
            }
            guard index > start else { return nil }
            value = value << 16 | group
            count += 1
            if index == text.count { break }
            guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
            index += 1
            if text[index] == UInt8(ascii: ":") {
                guard front == nil else { return nil }
                front = (value, count)
                (value, count) = (0, 0)
                index += 1
            }
        }
        guard let front else { return count == 8 ? value : nil }
        guard front.count + count < 8 else { return nil }
        return front.value << UInt128(128 - 16 * front.count) | value
    }
}
