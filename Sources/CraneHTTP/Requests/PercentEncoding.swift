extension String {
    /// The text with every byte as `%XX` that is neither unreserved (RFC 3986, sections 2.1 and 2.3) nor among `kept`.
    ///
    /// - Parameter kept: more ASCII characters that may stand as they are.
    public func percentEncoded(keeping kept: String = "") -> String {
        CraneHTTP.percentEncoded(utf8.span, keeping: kept)
    }
}

/// The same of bytes, which need not be UTF-8.
package func percentEncoded(_ bytes: Span<UInt8>, keeping kept: String) -> String {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count)
    for index in bytes.indices {
        let byte = bytes[index]
        switch byte {
        // Digits, letters and -._~
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: encoded.append(byte)
        case _ where byte < 128 && kept.utf8.contains(byte): encoded.append(byte)
        default:
            encoded.append(UInt8(ascii: "%"))
            for digit in [byte >> 4, byte & 15] { encoded.append(digit < 10 ? 48 + digit : 55 + digit) }
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}

/// Pairs as a form has them in `application/x-www-form-urlencoded` (WHATWG URL, section 5.2).
package func formEncoded(_ pairs: KeyValuePairs<String, String>) -> String {
    func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            case UInt8(ascii: " "): "+"
            default: (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
    return pairs.map { encoded($0.key) + "=" + encoded($0.value) }.joined(separator: "&")
}
