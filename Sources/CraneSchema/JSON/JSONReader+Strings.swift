import CraneSystem

extension JSONReader {
    /// Reads a string; unescapes it where needed.
    public mutating func string() throws(JSONFallback) -> String {
        try take(0x22)
        let start = index
        let (stop, ascii) = plainRun()
        guard stop < end else { throw JSONFallback() }
        if at(stop) != 0x22 { return try escapedString(from: start) }
        index = stop + 1
        let text = unsafe UnsafeBufferPointer(start: base + start, count: stop - start)
        if ascii { return unsafe String(decoding: text, as: UTF8.self) }
        guard let value = unsafe String(validating: text, as: UTF8.self) else { throw JSONFallback() }
        return value
    }

    /// Reads an ASCII string without escapes and lends its content to `body`.
    mutating func plainString<Value>(
        _ body: (UnsafeBufferPointer<UInt8>) -> Value
    ) throws(JSONFallback) -> Value {
        try take(0x22)
        let start = index
        let (stop, ascii) = plainRun()
        guard ascii, stop < end, at(stop) == 0x22 else { throw JSONFallback() }
        index = stop + 1
        return unsafe body(UnsafeBufferPointer(start: base + start, count: stop - start))
    }

    /// The offset of the first byte from the cursor on that is `"`, `\` or a control, and whether all before it is ASCII.
    func plainRun() -> (stop: Int, ascii: Bool) {
        var index = index
        var seen: UInt64 = 0
        while index + 8 <= end {
            // Eight bytes are left, so the word lies inside the borrowed bytes.
            let word = unsafe UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
            let special = Bytes8.escapes(word)
            if special != 0 { break }
            seen |= word
            index += 8
        }
        var tail: UInt8 = 0
        while index < end {
            let value = at(index)
            if value == 0x22 || value == 0x5C || value < 0x20 { break }
            tail |= value
            index += 1
        }
        return (index, !Bytes8.holdsNonASCII(seen) && tail < 0x80)
    }

    /// Reads a string with escapes, its content starting at `start`.
    private mutating func escapedString(from start: Int) throws(JSONFallback) -> String {
        var content: [UInt8] = []
        index = start
        while true {
            let (stop, _) = plainRun()
            guard stop < end else { throw JSONFallback() }
            unsafe content.append(contentsOf: UnsafeBufferPointer(start: base + index, count: stop - index))
            index = stop + 1
            let value = at(stop)
            if value == 0x22 { break }
            guard value == 0x5C, index < end else { throw JSONFallback() }
            if at(index) == UInt8(ascii: "u") {
                content.append(contentsOf: String(try unicodeEscape()).utf8)
            } else {
                guard let plain = JSONEscape.plain(at(index)) else { throw JSONFallback() }
                content.append(plain)
                index += 1
            }
        }
        guard let value = String(validating: content, as: UTF8.self) else { throw JSONFallback() }
        return value
    }

    /// Reads `uXXXX`, or a surrogate pair of two; a lone surrogate is a surprise.
    private mutating func unicodeEscape() throws(JSONFallback) -> Character {
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard first < 0xDC00, end - index >= 6, at(index) == 0x5C else { throw JSONFallback() }
        index += 1
        let second = try hexUnit()
        guard second >= 0xDC00, second <= 0xDFFF,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw JSONFallback() }
        return Character(scalar)
    }

    private mutating func hexUnit() throws(JSONFallback) -> UInt32 {
        guard end - index >= 5, at(index) == UInt8(ascii: "u") else { throw JSONFallback() }
        var unit: UInt32 = 0
        for offset in 1...4 {
            guard let digit = at(index + offset).hexValue else { throw JSONFallback() }
            unit = unit << 4 | UInt32(digit)
        }
        index += 5
        return unit
    }
}
