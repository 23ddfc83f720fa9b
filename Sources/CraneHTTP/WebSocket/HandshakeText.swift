/// The small rules of field values that the handshake reads as text (RFC 9110, section 5.6).
enum HandshakeText {
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { ByteClass.token.contains($0) }
    }
}
