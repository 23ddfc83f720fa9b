/// Text in a document of XML 1.0.
enum XMLText {
    /// Appends a text with what XML gives a meaning escaped, and without the characters that no document may hold (XML 1.0, section
    /// 2.2) and other control characters.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": bytes += "&amp;".utf8
            case "<": bytes += "&lt;".utf8
            case ">": bytes += "&gt;".utf8
            case "\"": bytes += "&quot;".utf8
            case "'": bytes += "&#39;".utf8
            // A parser makes a line feed of one that is not escaped (section 2.11).
            case "\r": bytes += "&#13;".utf8
            case "\t", "\n": bytes += String(scalar).utf8
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": break
            default: bytes += String(scalar).utf8
            }
        }
    }
}
