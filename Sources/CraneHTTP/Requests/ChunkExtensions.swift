import CraneSystem

/// Checks the extensions of one chunk by their grammar (RFC 9112, section 7.1.1), one byte at a time:
/// `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )`. What they say is of no interest.
struct ChunkExtensions {
    private enum Stage: UInt8 {
        /// White space that only a semicolon may follow.
        case beforeSemicolon
        case nameStart, name
        /// White space behind a name: an equals sign or a semicolon follows.
        case afterName
        case valueStart, value, quoted, escaped, afterQuoted
    }

    private var stage = Stage.beforeSemicolon

    /// Takes the next byte; returns whether it was the CR that ends the line.
    mutating func read(_ byte: UInt8) throws(WireError) -> Bool {
        let isSpace = byte.isBlank
        switch (stage, byte) {
        case (.quoted, UInt8(ascii: "\"")): stage = .afterQuoted
        case (.quoted, UInt8(ascii: "\\")): stage = .escaped
        case (.quoted, _), (.escaped, _):
            // RFC 9110, section 5.6.4: neither quoted text nor a quoted pair holds control bytes.
            guard byte == 9 || byte >= 32 && byte != 127 else { throw ChunkExtensions.malformed }
            stage = .quoted
        case (.name, 13), (.value, 13), (.afterQuoted, 13): return true
        case (.name, UInt8(ascii: "=")), (.afterName, UInt8(ascii: "=")): stage = .valueStart
        case (.valueStart, UInt8(ascii: "\"")): stage = .quoted
        case (.beforeSemicolon, UInt8(ascii: ";")), (.name, UInt8(ascii: ";")),
            (.afterName, UInt8(ascii: ";")),
            (.value, UInt8(ascii: ";")), (.afterQuoted, UInt8(ascii: ";")):
            stage = .nameStart
        case (.beforeSemicolon, _) where isSpace, (.nameStart, _) where isSpace,
            (.afterName, _) where isSpace,
            (.valueStart, _) where isSpace:
            break
        case (.name, _) where isSpace: stage = .afterName
        case (.value, _) where isSpace, (.afterQuoted, _) where isSpace: stage = .beforeSemicolon
        case (.nameStart, _), (.name, _):
            guard ByteClass.token.contains(byte) else { throw ChunkExtensions.malformed }
            stage = .name
        case (.valueStart, _), (.value, _):
            guard ByteClass.token.contains(byte) else { throw ChunkExtensions.malformed }
            stage = .value
        default: throw ChunkExtensions.malformed
        }
        return false
    }

    private static var malformed: WireError { .malformed("a chunk extension that is not one") }
}
