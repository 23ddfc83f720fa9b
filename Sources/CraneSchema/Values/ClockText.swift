/// The time of day and the offset that follow the date in a date and time.
///
/// The text's indices start at 0.
struct ClockText<Text: RandomAccessCollection<UInt8>> where Text.Index == Int {
    private let text: Text
    private var index: Int

    init(_ text: Text, from index: Int) {
        self.text = text
        self.index = index
    }

    /// Seconds of the day, microseconds, and seconds east of UTC; nil where the rest of the text is anything else.
    mutating func time() -> (second: Int, microsecond: Int, offset: Int)? {
        guard let hour = pair(), hour < 24, takes(UInt8(ascii: ":")), let minute = pair(), minute < 60 else {
            return nil
        }
        var second = 0
        var microsecond = 0
        if takes(UInt8(ascii: ":")) {
            guard let value = pair(), value < 60 else { return nil }
            second = value
            if takes(UInt8(ascii: ".")) || takes(UInt8(ascii: ",")) {
                guard let value = fraction() else { return nil }
                microsecond = value
            }
        }
        guard let offset = offset(), index == text.count else { return nil }
        return (hour * 3600 + minute * 60 + second, microsecond, offset)
    }

    /// Digits past the sixth are cut off.
    private mutating func fraction() -> Int? {
        let start = index
        var value = 0
        while index < text.count, text[index] &- 0x30 < 10 {
            if index - start < 6 { value = value * 10 + Int(text[index] - 0x30) }
            index += 1
        }
        guard index > start else { return nil }
        for _ in min(index - start, 6)..<6 { value *= 10 }
        return value
    }

    /// `Z`, or a sign with four digits and an optional colon; nothing at all is UTC.
    private mutating func offset() -> Int? {
        guard index < text.count else { return 0 }
        if takes(UInt8(ascii: "Z")) || takes(UInt8(ascii: "z")) { return 0 }
        let sign: Int
        if takes(UInt8(ascii: "+")) {
            sign = 1
        } else if takes(UInt8(ascii: "-")) || takesMinusSign() {
            sign = -1
        } else {
            return nil
        }
        guard let hour = pair() else { return nil }
        _ = takes(UInt8(ascii: ":"))
        guard let minute = pair(), minute < 60, hour < 24 else { return nil }
        return sign * (hour * 3600 + minute * 60)
    }

    /// U+2212, which ISO 8601 prefers to the hyphen.
    private mutating func takesMinusSign() -> Bool {
        guard text[index...].starts(with: [0xE2, 0x88, 0x92]) else { return false }
        index += 3
        return true
    }

    private mutating func takes(_ unit: UInt8) -> Bool {
        guard index < text.count, text[index] == unit else { return false }
        index += 1
        return true
    }

    private mutating func pair() -> Int? {
        guard let value = TimestampText.digits(text, index, 2) else { return nil }
        index += 2
        return value
    }
}
