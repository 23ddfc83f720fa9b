import HTTPWire
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
    mutating func append(_ bytes: UnsafeRawBufferPointer, escape: Escape) {
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(LogLine.valueLimit))
        var plain = 0
        while unsafe plain < bytes.count && LogLine.isPlain(bytes[plain]) { plain += 1 }
        unsafe append(UnsafeRawBufferPointer(rebasing: bytes[..<plain]))
        guard plain < bytes.count else { return }
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[plain...])
        switch escape {
        case .text:
            for index in rest.indices {
                let byte = unsafe rest[index]
                if LogLine.isPlain(byte) {
                    append(byte)
                } else {
                    append("\\x")
                    append(hex: byte)
                }
            }
        case .json:
            append(json: unsafe String(decoding: rest, as: UTF8.self))
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
        for nibble in [byte >> 4, byte & 15] { append(nibble < 10 ? 48 + nibble : 87 + nibble) }
    }

    /// Appends `2026-11-22T10:27:46.435Z` (RFC 3339) for nanoseconds since 1970.
    mutating func append(time wall: UInt64) {
        let second = wall / 1_000_000_000
        currentSecond.withLock { current in
            if current.second != second { current = (second, text(ofSecond: second)) }
            // The array is the lock's own and is copied at once.
            unsafe current.text.withUnsafeBytes { unsafe append($0) }
        }
        append(decimal: wall / 1_000_000 % 1000, width: 3)
        append(UInt8(ascii: "Z"))
    }

    /// Appends `192.0.2.1:4711`, `[2001:db8::1]:4711`, or `unknown` for a Unix socket.
    mutating func append(_ peer: PeerAddress) {
        guard let ip = peer.ip else { return append("unknown") }
        if ip.isIPv4 {
            for shift in [24, 16, 8, 0] as [UInt64] {
                append(decimal: (ip.low >> shift) & 255)
                if shift > 0 { append(UInt8(ascii: ".")) }
            }
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
    let date = civilDate(daysSince1970: second / 86400)
    func digits(_ value: UInt64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let day = "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))"
    let time = "\(digits(second / 3600 % 24, 2)):\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))"
    return Array("\(day)T\(time).".utf8)
}

/// The date of a day counted from 1 January 1970, in the Gregorian calendar.
private func civilDate(daysSince1970 days: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
    // Years from March put the leap day last: 146,097 days are 400 years, and 153 days are five months from March.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let year = era * 400 + yearOfEra + (month >= 10 ? 1 : 0)
    return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
}
