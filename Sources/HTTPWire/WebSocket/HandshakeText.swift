/// The small rules of field values that the handshake reads as text (RFC 9110, section 5.6).
enum HandshakeText {
    /// Without the spaces and tabs around it.
    static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = text.firstIndex(where: { !isBlank($0) }),
            let end = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(text[start...end])
    }

    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { ByteClass.token.contains($0) }
    }
}
