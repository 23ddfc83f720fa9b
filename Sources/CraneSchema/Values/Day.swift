import CraneSystem

/// A day of the Gregorian calendar without a time or a zone: `2026-11-30`.
///
/// JSON has the days from 0001-01-01 to 9999-12-31. Days can be counted: `day.advanced(by: 7)`, `first...last`.
public struct Day: Sendable, Hashable {
    /// Days since 1970-01-01.
    public var daysSince1970: Int

    @inlinable
    public init(daysSince1970: Int) {
        self.daysSince1970 = daysSince1970
    }

    /// The day of a year and a month; `nil` where the month has no such day, or for a year that JSON has not.
    public init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, day >= 1, day <= CalendarDate.daysInMonth(month, year: year)
        else { return nil }
        daysSince1970 = CalendarDate(year: year, month: month, day: day).daysSince1970
    }

    /// The day that a point in time is in, in UTC.
    public init(_ timestamp: Timestamp) {
        let (days, rest) = timestamp.microseconds.quotientAndRemainder(dividingBy: 86_400_000_000)
        daysSince1970 = rest < 0 ? days - 1 : days
    }

    /// Reads the forms that pydantic takes: `2026-11-30`, and a date and time or a Unix time at midnight; `nil` for all else.
    public init?(_ text: String) {
        guard let day = try? DayText.parse(Array(text.utf8)) else { return nil }
        self = day
    }

    public var year: Int { date.year }
    /// From 1 to 12.
    public var month: Int { date.month }
    /// The day of the month, from 1 on.
    public var day: Int { date.day }

    /// When the day begins in UTC.
    public var start: Timestamp { Timestamp(microseconds: daysSince1970 * 86_400_000_000) }

    private var date: CalendarDate { CalendarDate(daysSince1970: daysSince1970) }
}

extension Day: Strideable {
    @inlinable
    public func distance(to other: Day) -> Int { other.daysSince1970 - daysSince1970 }

    @inlinable
    public func advanced(by days: Int) -> Day { Day(daysSince1970: daysSince1970 + days) }
}

extension Day: CustomStringConvertible {
    /// The day as `2026-11-30`.
    public var description: String {
        var writer = JSONWriter(capacity: 64)
        writer.day(self)
        return String(writer.text.dropFirst().dropLast())
    }
}

extension JSONWriter {
    /// Appends a quoted day.
    public mutating func day(_ value: Day) {
        byte(0x22)
        let (year, month, day) = (value.year, value.month, value.day)
        for bound in [1000, 100, 10] where year < bound { byte(0x30) }
        integer(year)
        for part in [month, day] {
            byte(UInt8(ascii: "-"))
            if part < 10 { byte(0x30) }
            integer(part)
        }
        byte(0x22)
    }
}
