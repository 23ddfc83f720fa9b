/// Bytes that have come and have not been read, for both ends.
struct RESPInput: Sendable {
    private var bytes: [UInt8] = []
    /// Where the first byte stands that has not been read.
    private var start = 0
    /// How many of those behind it hold no end of a line.
    private var searched = 0

    var count: Int { bytes.count - start }

    /// Bytes that are held in memory.
    var held: Int { bytes.capacity }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        if start > 0, start == bytes.count || start > 64 << 10 {
            bytes.removeFirst(start)
            start = 0
        }
        // What a long message has needed is not kept for the short ones behind it.
        if bytes.isEmpty, bytes.capacity > 64 << 10 { bytes = [] }
        // The caller lends the bytes for this call.
        unsafe bytes.append(contentsOf: more)
    }

    /// Takes the next line without its CR LF; `nil` when its end has not come.
    mutating func line(limit: Int) throws(RESPError) -> ArraySlice<UInt8>? {
        var index = start + searched
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 10 { throw RESPError("a line feed without a carriage return") }
            if byte == 13 {
                guard index + 1 < bytes.count else { break }
                guard bytes[index + 1] == 10 else { throw RESPError("a carriage return without a line feed") }
                let line = bytes[start..<index]
                start = index + 2
                searched = 0
                return line
            }
            index += 1
            if index - start > limit { throw RESPError("a line that is too long") }
        }
        searched = index - start
        return nil
    }

    /// Takes so many bytes and the CR LF behind them; `nil` when they have not all come.
    mutating func block(_ length: Int) throws(RESPError) -> [UInt8]? {
        guard count >= length + 2 else { return nil }
        let end = start + length
        guard bytes[end] == 13, bytes[end + 1] == 10 else { throw RESPError("bytes without their end") }
        defer { start = end + 2 }
        return Array(bytes[start..<end])
    }

    /// Passes over at most so many bytes; how many they were.
    mutating func skip(_ length: Int) -> Int {
        let skipped = min(length, count)
        start += skipped
        return skipped
    }

    /// A line's number, as Redis takes it: digits with an optional sign, nothing else.
    static func number(_ text: ArraySlice<UInt8>) throws(RESPError) -> Int {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.count < 20, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(String(decoding: text, as: UTF8.self))
        else { throw RESPError("a line that is no number") }
        return number
    }
}
