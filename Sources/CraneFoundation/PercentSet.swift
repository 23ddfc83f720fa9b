/// Which bytes a part of a URL has as `%XX` (WHATWG URL Standard, "percent-encoded bytes"): controls, all beyond ASCII, and these.
struct PercentSet {
    private let bytes: [UInt8]

    private init(_ text: String) { bytes = Array(text.utf8) }

    static let control = PercentSet("")
    static let fragment = PercentSet(" \"<>`")
    static let query = PercentSet(" \"#<>")
    static let specialQuery = PercentSet(" \"#<>'")
    static let path = PercentSet(" \"#<>?`{}")
    static let userInfo = PercentSet(" \"#<>?`{}/:;=@[\\]^|")

    func encode(_ text: ArraySlice<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in text {
            guard byte < 0x20 || byte > 0x7E || bytes.contains(byte) else {
                encoded.append(byte)
                continue
            }
            let digits = Array("0123456789ABCDEF".utf8)
            encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The bytes that stand for themselves or as `%XX`; a `%` without digits stands for itself.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(digit),
                let low = rest.dropFirst().first.flatMap(digit)
            {
                decoded.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
