import CraneSystem

/// What stands in a Host field or an authority.
enum HostSyntax {
    case invalid
    /// Nothing before the port, or nothing at all.
    case empty
    case named
}

/// Checks `uri-host [ ":" port ]` (RFC 9110, section 7.2; RFC 3986, section 3.2.2); user information is invalid.
func hostSyntax(_ bytes: Span<UInt8>) -> HostSyntax {
    let count = bytes.count
    guard count > 0 else { return .empty }
    var index = 0
    if bytes[0] == UInt8(ascii: "[") {
        index = 1
        while index < count, bytes[index] != UInt8(ascii: "]") {
            index += 1
        }
        guard index < count else { return .invalid }
        guard IPAddress.parseV6(bytes.extracting(1..<index)) != nil else { return .invalid }
        index += 1
    } else {
        while index < count {
            let byte = bytes[index]
            if ByteClass.registeredName.contains(byte) {
                index += 1
            } else if byte == UInt8(ascii: "%"), index + 2 < count,
                bytes[index + 1].hexValue != nil,
                bytes[index + 2].hexValue != nil
            {
                index += 3
            } else {
                break
            }
        }
    }
    let hostEnd = index
    if index < count {
        guard bytes[index] == UInt8(ascii: ":") else {
            return .invalid
        }
        index += 1
        // At most five digits; leading zeros beyond that serve nobody.
        guard count - index <= 5 else { return .invalid }
        while index < count {
            guard isDigit(bytes[index]) else { return .invalid }
            index += 1
        }
    }
    return hostEnd == 0 ? .empty : .named
}
