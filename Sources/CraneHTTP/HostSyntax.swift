import CraneSystem

/// What stands in a Host field or an authority.
enum HostSyntax {
    case invalid
    /// Nothing before the port, or nothing at all.
    case empty
    case named
}

/// Checks `uri-host [ ":" port ]` (RFC 9110, section 7.2; RFC 3986, section 3.2.2); user information is invalid.
func hostSyntax(_ bytes: UnsafeRawPointer, _ count: Int) -> HostSyntax {
    guard count > 0 else { return .empty }
    var index = 0
    if unsafe bytes.load(as: UInt8.self) == UInt8(ascii: "[") {
        index = 1
        while index < count, unsafe bytes.load(fromByteOffset: index, as: UInt8.self) != UInt8(ascii: "]") {
            index += 1
        }
        guard index < count else { return .invalid }
        let inside = unsafe UnsafeRawBufferPointer(start: bytes + 1, count: index - 1)
        guard unsafe IPAddress.parseV6(inside) != nil else { return .invalid }
        index += 1
    } else {
        while index < count {
            let byte = unsafe bytes.load(fromByteOffset: index, as: UInt8.self)
            if ByteClass.registeredName.contains(byte) {
                index += 1
            } else if byte == UInt8(ascii: "%"), index + 2 < count,
                unsafe bytes.load(fromByteOffset: index + 1, as: UInt8.self).hexValue != nil,
                unsafe bytes.load(fromByteOffset: index + 2, as: UInt8.self).hexValue != nil
            {
                index += 3
            } else {
                break
            }
        }
    }
    let hostEnd = index
    if index < count {
        guard unsafe bytes.load(fromByteOffset: index, as: UInt8.self) == UInt8(ascii: ":") else {
            return .invalid
        }
        index += 1
        // At most five digits; leading zeros beyond that serve nobody.
        guard count - index <= 5 else { return .invalid }
        while index < count {
            guard unsafe isDigit(bytes.load(fromByteOffset: index, as: UInt8.self)) else { return .invalid }
            index += 1
        }
    }
    return hostEnd == 0 ? .empty : .named
}
