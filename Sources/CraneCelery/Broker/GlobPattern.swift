/// A pattern of channels as Redis has it: `*`, `?`, `[a-z]`, `[^a]`, and `\` before a character that means itself.
struct GlobPattern: Hashable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether the whole text matches; in time that grows with the product of the two lengths.
    func matches(_ text: [UInt8]) -> Bool {
        var (place, index) = (0, 0)
        // The last star, and how much of the text it has taken.
        var star: (place: Int, index: Int)?
        while index < text.count {
            if place < bytes.count, bytes[place] == UInt8(ascii: "*") {
                star = (place, index)
                place += 1
            } else if let next = step(at: place, text[index]) {
                place = next
                index += 1
            } else if let (starPlace, starIndex) = star {
                star = (starPlace, starIndex + 1)
                (place, index) = (starPlace + 1, starIndex + 1)
            } else {
                return false
            }
        }
        while place < bytes.count, bytes[place] == UInt8(ascii: "*") { place += 1 }
        return place == bytes.count
    }

    /// Where the pattern goes on behind a character that fits; `nil` when it does not fit.
    private func step(at place: Int, _ byte: UInt8) -> Int? {
        guard place < bytes.count else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "?"): return place + 1
        case UInt8(ascii: "["): return step(inClassAt: place + 1, byte)
        case UInt8(ascii: "\\") where place + 1 < bytes.count:
            return bytes[place + 1] == byte ? place + 2 : nil
        case let own: return own == byte ? place + 1 : nil
        }
    }

    private func step(inClassAt start: Int, _ byte: UInt8) -> Int? {
        var place = start
        let isNegated = place < bytes.count && bytes[place] == UInt8(ascii: "^")
        if isNegated { place += 1 }
        var isIn = false
        while place < bytes.count, bytes[place] != UInt8(ascii: "]") {
            if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count { place += 1 }
            var last = bytes[place]
            let first = last
            if place + 2 < bytes.count, bytes[place + 1] == UInt8(ascii: "-"),
                bytes[place + 2] != UInt8(ascii: "]")
            {
                last = bytes[place + 2]
                place += 2
            }
            if (min(first, last)...max(first, last)).contains(byte) { isIn = true }
            place += 1
        }
        return isIn != isNegated ? min(place + 1, bytes.count) : nil
    }
}
