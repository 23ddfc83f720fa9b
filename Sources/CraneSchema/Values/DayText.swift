import CraneSystem

/// The grammar of pydantic's `date`: `YYYY-MM-DD`, and a date and time or a Unix time at midnight.
enum DayText {
    /// A plain `YYYY-MM-DD`; nil for everything else.
    static func plain<Text: RandomAccessCollection<UInt8>>(_ text: Text) -> Day?
    where Text.Index == Int {
        guard text.count == 10, let date = try? TimestampText.date(text), date.year > 0 else { return nil }
        return Day(daysSince1970: date.daysSince1970)
    }

    /// Any form that pydantic takes; nil for a time that is not midnight.
    static func parse(_ text: [UInt8]) throws(TimestampText.Failure) -> Day? {
        if let day = plain(text) { return day }
        if let time = try TimestampText.number(text) { return try day(ofMicroseconds: time.microseconds) }
        let date = try TimestampText.date(text)
        if text.count > 10 {
            let separator = text[10]
            guard separator | 0x20 == UInt8(ascii: "t") || separator == 0x20 || separator == UInt8(ascii: "_")
            else {
                throw TimestampText.Failure(
                    message: "invalid datetime separator, expected `T`, `t`, `_` or space")
            }
            var clock = ClockText(text, from: 11)
            let time = try clock.time()
            // The day is the one that is written, whatever the offset is.
            guard time.second == 0, time.microsecond == 0 else { return nil }
        }
        guard date.year > 0 else { throw .yearZero }
        return Day(daysSince1970: date.daysSince1970)
    }

    /// The day that begins so many microseconds after 1970-01-01 began; nil where none does.
    static func day(ofMicroseconds microseconds: Int) throws(TimestampText.Failure) -> Day? {
        if microseconds > Timestamp.range.upperBound.microseconds { throw .tooLarge }
        // The year 0 has 366 days.
        if microseconds < -62_167_219_200_000_000 { throw .tooSmall }
        guard microseconds.isMultiple(of: 86_400_000_000) else { return nil }
        if microseconds < Timestamp.range.lowerBound.microseconds { throw .yearZero }
        return Day(daysSince1970: microseconds / 86_400_000_000)
    }
}
