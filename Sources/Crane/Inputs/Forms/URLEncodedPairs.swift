import CraneSystem

/// The pairs of `application/x-www-form-urlencoded` bytes (WHATWG URL, section 5.1), taken one by one without a copy.
///
/// Empty pairs are left out; a name without `=` has an empty value.
struct URLEncodedPairs: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// The next pair, both parts as they were sent.
    mutating func next() -> (name: Range<Int>, value: Range<Int>)? {
        while position < bytes.count {
            let start = position
            var equals = -1
            while position < bytes.count, case let byte = bytes[position],
                byte != UInt8(ascii: "&")
            {
                if byte == UInt8(ascii: "="), equals < 0 { equals = position }
                position &+= 1
            }
            let end = position
            position &+= 1
            if end == start { continue }
            return equals < 0 ? (start..<end, end..<end) : (start..<equals, (equals &+ 1)..<end)
        }
        return nil
    }

    /// The value of the last pair of that name, decoded.
    mutating func last(named name: String) -> String? {
        var found: Range<Int>?
        while let pair = next() {
            if matches(pair.name, name) { found = pair.value }
        }
        return found.map { text($0) }
    }

    /// The values of all pairs of that name, decoded.
    mutating func all(named name: String) -> [String] {
        var found: [String] = []
        while let pair = next() {
            if matches(pair.name, name) { found.append(text(pair.value)) }
        }
        return found
    }

    /// The part decoded: `+` is a space, `%XX` a byte; bytes that are not UTF-8 become U+FFFD.
    func text(_ range: Range<Int>) -> String {
        isPlain(range)
            ? bytes.extracting(range).text
            : String(decoding: decoded(range), as: UTF8.self)
    }

    private func matches(_ range: Range<Int>, _ name: String) -> Bool {
        if range.count == name.utf8.count {
            var index = range.lowerBound
            for byte in name.utf8 {
                if bytes[index] != byte { return false }
                index &+= 1
            }
            return isPlain(range) || text(range).isSpelt(name)
        }
        return range.count > name.utf8.count && !isPlain(range) && text(range).isSpelt(name)
    }

    private func isPlain(_ range: Range<Int>) -> Bool {
        for index in range {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") { return false }
        }
        return true
    }

    private func decoded(_ range: Range<Int>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            // Two digits are looked at only where two are left.
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "+") {
                decoded.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), index + 1 < range.upperBound,
                let high = bytes[index].hexValue, let low = bytes[index + 1].hexValue
            {
                decoded.append(high << 4 | low)
                index += 2
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }
}
