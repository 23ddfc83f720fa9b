import CraneHTTP
import CraneSchema
import CraneSystem
import Synchronization

extension LogLine {
    /// How a client's bytes are made harmless.
    enum Escape {
        /// `\xNN` for control bytes, quotes, backslashes and all that is not ASCII.
        case text
        /// As in a JSON string (RFC 8259, section 7); what is not UTF-8 becomes U+FFFD.
        case json
    }

    /// The bytes of one value that a client chose that are logged at most; each takes six when all are escaped.
    static let valueLimit = 1024

    /// Appends bytes that a client chose.
    mutating func append(_ bytes: Span<UInt8>, escape: Escape) {
        let bytes = bytes.extracting(first: LogLine.valueLimit)
        var plain = 0
        while plain < bytes.count, LogLine.isPlain(bytes[plain]) { plain &+= 1 }
        append(bytes.extracting(first: plain))
        guard plain < bytes.count else { return }
        let rest = bytes.extracting(plain...)
        switch escape {
        case .text:
            for index in rest.indices {
                let byte = rest[index]
                if LogLine.isPlain(byte) {
                    append(byte)
                } else {
                    append("\\x")
                    append(hex: byte)
                }
            }
        case .json:
            append(json: rest.text)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 32 && byte < 127 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Appends text as the inside of a JSON string. C1 controls and line separators are escaped too, for terminals.
    private mutating func append(json text: String) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5C:
                append(UInt8(ascii: "\\"))
                append(UInt8(truncatingIfNeeded: scalar.value))
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
                append("\\u")
                append(hex: UInt8(truncatingIfNeeded: scalar.value >> 8))
                append(hex: UInt8(truncatingIfNeeded: scalar.value))
            default:
                for byte in String(scalar).utf8 { append(byte) }
            }
        }
    }

    private mutating func append(hex byte: UInt8) {
        append((byte >> 4).hexDigit)
        append(byte.hexDigit)
    }

    /// Appends `2026-11-22T10:27:46.435Z` (RFC 3339) for nanoseconds since 1970.
    mutating func append(time wall: UInt64) {
        let second = wall / 1_000_000_000
        currentSecond.withLock { current in
            if current.second != second { current = (second, text(ofSecond: second)) }
            append(current.text.span)
        }
        append(decimal: wall / 1_000_000 % 1000, width: 3)
        append(UInt8(ascii: "Z"))
    }

    /// Appends `192.0.2.1:4711`, `[2001:db8::1]:4711`, or `unknown` for a Unix socket.
    mutating func append(_ peer: PeerAddress) {
        guard let ip = peer.ip else { return append("unknown") }
        if ip.isIPv4 {
            append(v4: ip.low)
        } else {
            append(UInt8(ascii: "["))
            append(ip.description)
            append(UInt8(ascii: "]"))
        }
        append(UInt8(ascii: ":"))
        append(decimal: UInt64(peer.port))
    }
}

/// The second that was logged last, as text: worked out by whoever logs first in it.
private let currentSecond = Mutex((second: UInt64.max, text: [UInt8]()))

/// `2026-11-22T10:27:46.` for a second since 1970.
private func text(ofSecond second: UInt64) -> [UInt8] {
    var writer = JSONWriter()
    writer.timestamp(Timestamp(microseconds: Int(second) * 1_000_000))
    // Between the quote and the fraction's digits.
    return Array(writer.bytes[1...20])
}
