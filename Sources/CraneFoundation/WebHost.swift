import CraneHTTP
import CraneSystem

/// The host of a URL in its normal form.
enum WebHost {
    /// That of a special scheme: a name, an IPv4 address in any of its spellings, or an IPv6 address in brackets.
    static func domain(_ text: ArraySlice<UInt8>) throws(WebURL.Failure) -> String {
        if text.first == UInt8(ascii: "[") { return try version6(text) }
        guard let name = String(validating: PercentSet.decode(text), as: UTF8.self),
            let ascii = Punycode.domain(name), !ascii.isEmpty,
            !ascii.utf8.contains(where: {
                isForbidden($0) || $0 == UInt8(ascii: "%") || $0 < 0x20 || $0 == 0x7F
            })
        else { throw WebURL.Failure("invalid international domain name") }
        return try version4(ascii) ?? ascii
    }

    /// That of another scheme, which may be anything and empty.
    static func opaque(_ text: ArraySlice<UInt8>) throws(WebURL.Failure) -> String {
        if text.first == UInt8(ascii: "[") { return try version6(text) }
        guard !text.contains(where: isForbidden) else { throw WebURL.Failure("invalid domain character") }
        return PercentSet.control.encode(text)
    }

    /// WHATWG's forbidden host code points.
    private static func isForbidden(_ byte: UInt8) -> Bool {
        byte == 0 || "\t\n\r #/:<>?@[\\]^|".utf8.contains(byte)
    }

    private static func version6(_ text: ArraySlice<UInt8>) throws(WebURL.Failure) -> String {
        let inside = String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        guard text.last == UInt8(ascii: "]"), text.count > 2, inside.contains(":"), !inside.contains("%"),
            let address = IPAddress(inside)
        else { throw WebURL.Failure("invalid IPv6 address") }
        return "[\(address)]"
    }

    /// The address where the last label is a number, in decimal, octal or hexadecimal digits; `nil` for a name.
    private static func version4(_ name: String) throws(WebURL.Failure) -> String? {
        var labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if labels.last == "", labels.count > 1 { labels.removeLast() }
        guard let last = labels.last, number(last) != nil || !last.isEmpty && last.allSatisfy(\.isNumber)
        else {
            return nil
        }
        let parts = labels.map { number($0) }
        guard labels.count <= 4, let end = parts[parts.count - 1],
            parts.dropLast().allSatisfy({ $0.map { $0 < 256 } ?? false }),
            end < 1 << (8 * (5 - labels.count))
        else { throw WebURL.Failure("invalid IPv4 address") }
        let high = parts.dropLast().enumerated().reduce(0) { $0 | ($1.element ?? 0) << (24 - 8 * $1.offset) }
        let address = high | end
        return (0..<4).map { "\(address >> (24 - 8 * $0) & 255)" }.joined(separator: ".")
    }

    private static func number(_ label: Substring) -> Int? {
        let text = label.lowercased()
        if text.hasPrefix("0x") { return text.count == 2 ? 0 : Int(text.dropFirst(2), radix: 16) }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.count > 1 && text.hasPrefix("0") ? Int(text, radix: 8) : Int(text)
    }
}
