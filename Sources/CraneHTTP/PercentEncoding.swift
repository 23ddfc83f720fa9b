extension String {
    /// The text with every byte as `%XX` that is neither unreserved (RFC 3986, sections 2.1 and 2.3) nor among `kept`.
    ///
    /// - Parameter kept: more ASCII characters that may stand as they are.
    public func percentEncoded(keeping kept: String = "") -> String {
        CraneHTTP.percentEncoded(utf8, keeping: kept)
    }
}

/// The same of bytes, which need not be UTF-8.
package func percentEncoded(_ bytes: some Collection<UInt8>, keeping kept: String) -> String {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count)
    for byte in bytes {
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
