/// The time of day and the offset that follow the date in a date and time, and the minutes and seconds of a duration.
///
/// The text's indices start at 0.
struct ClockText<Text: RandomAccessCollection<UInt8>> where Text.Index == Int {
    private let text: Text
    private(set) var index: Int

    init(_ text: Text, from index: Int) {
        self.text = text
        self.index = index
    }

    /// Seconds of the day, microseconds, and seconds east of UTC.
    mutating func time() throws(TimestampText.Failure) -> (second: Int, microsecond: Int, offset: Int) {
        guard text.count - index >= 5 else { throw .tooShort }
        let hour = try pair("invalid character in hour")
        guard takes(UInt8(ascii: ":")) else {
            throw TimestampText.Failure(message: "invalid time separator, expected `:`")
        }
        let clock = try rest(
            ofHour: hour, below: 24, "hour value is outside expected range of 0-23")
        let offset = try offset()
        guard index == text.count else { throw .extra }
        return (clock.second, clock.microsecond, offset)
    }

    /// What follows the hour and its colon: minutes, and seconds with a fraction where they are there.
    mutating func rest(
        ofHour hour: Int, below limit: Int, _ message: String
    ) throws(TimestampText.Failure) -> (second: Int, microsecond: Int) {
        let minute = try pair("invalid character in minute")
        guard hour < limit else { throw TimestampText.Failure(message: message) }
        guard minute < 60 else {
            throw TimestampText.Failure(message: "minute value is outside expected range of 0-59")
        }
        guard takes(UInt8(ascii: ":")) else { return (hour * 3600 + minute * 60, 0) }
        let second = try pair("invalid character in second")
        guard second < 60 else {
            throw TimestampText.Failure(message: "second value is outside expected range of 0-59")
        }
        var microsecond = 0
        if takes(UInt8(ascii: ".")) || takes(UInt8(ascii: ",")) { microsecond = try fraction() }
        return (hour * 3600 + minute * 60 + second, microsecond)
    }

    /// Digits past the sixth are cut off.
    private mutating func fraction() throws(TimestampText.Failure) -> Int {
        let start = index
        var value = 0
        while index < text.count, text[index] &- 0x30 < 10 {
            if index - start < 6 { value = value * 10 + Int(text[index] - 0x30) }
            index += 1
        }
        guard index > start else {
            throw TimestampText.Failure(message: "second fraction digits missing after `.`")
        }
        for _ in min(index - start, 6)..<6 { value *= 10 }
        return value
    }

    /// `Z`, or a sign with four digits and an optional colon; nothing at all is UTC.
    private mutating func offset() throws(TimestampText.Failure) -> Int {
        guard index < text.count else { return 0 }
        if takes(UInt8(ascii: "Z")) || takes(UInt8(ascii: "z")) { return 0 }
        let sign: Int
        if takes(UInt8(ascii: "+")) {
            sign = 1
        } else if takes(UInt8(ascii: "-")) || takesMinusSign() {
            sign = -1
        } else {
            throw TimestampText.Failure(message: "invalid timezone sign")
        }
        let hour = try pair("invalid timezone hour")
        _ = takes(UInt8(ascii: ":"))
        let minute = try pair("invalid timezone minute")
        guard minute < 60 else {
            throw TimestampText.Failure(message: "timezone minute value is outside expected range of 0-59")
        }
        guard hour < 24 else {
            throw TimestampText.Failure(message: "timezone offset must be less than 24 hours")
        }
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

    private mutating func pair(_ message: String) throws(TimestampText.Failure) -> Int {
        guard let value = TimestampText.digits(text, index, 2) else {
            throw TimestampText.Failure(message: message)
        }
        index += 2
        return value
    }
}
