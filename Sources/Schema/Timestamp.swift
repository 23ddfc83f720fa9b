/// A point in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Sendable, Hashable, Comparable {
    public var microseconds: Int

    @inlinable
    public init(microseconds: Int) {
        self.microseconds = microseconds
    }

    @inlinable
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Where a year fits four digits: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.
    public static let range =
        Timestamp(
            microseconds: -62_135_596_800_000_000)...Timestamp(
            microseconds: 253_402_300_799_999_999)
}

extension Timestamp: CustomStringConvertible {
    /// The time in UTC, as `2026-11-22T10:27:46.435673Z`.
    public var description: String {
        var writer = JSONWriter()
        writer.timestamp(self)
        return String(writer.text.dropFirst().dropLast())
    }
}

extension JSONWriter {
    /// Appends a quoted time in UTC, always with six fraction digits: `"2026-11-22T10:27:46.435673Z"`.
    ///
    /// Times outside `Timestamp.range` are written as the nearest end of it.
    public mutating func timestamp(_ value: Timestamp) {
        let range = Timestamp.range
        let clamped = min(max(value, range.lowerBound), range.upperBound).microseconds
        var second = clamped / 1_000_000
        var fraction = clamped % 1_000_000
        if fraction < 0 {
            fraction += 1_000_000
            second -= 1
        }
        var day = second / 86_400
        var rest = second % 86_400
        if rest < 0 {
            rest += 86_400
            day -= 1
        }
        let date = CalendarDate(daysSince1970: day)
        reserve(29)
        byte(0x22)
        pair(date.year / 100)
        pair(date.year % 100)
        byte(UInt8(ascii: "-"))
        pair(date.month)
        byte(UInt8(ascii: "-"))
        pair(date.day)
        byte(UInt8(ascii: "T"))
        pair(rest / 3600)
        byte(UInt8(ascii: ":"))
        pair(rest / 60 % 60)
        byte(UInt8(ascii: ":"))
        pair(rest % 60)
        byte(UInt8(ascii: "."))
        pair(fraction / 10_000)
        pair(fraction / 100 % 100)
        pair(fraction % 100)
        byte(UInt8(ascii: "Z"))
        byte(0x22)
    }

    /// Appends two digits of a number below 100.
    private mutating func pair(_ value: Int) {
        byte(0x30 &+ UInt8(truncatingIfNeeded: value / 10))
        byte(0x30 &+ UInt8(truncatingIfNeeded: value % 10))
    }
}
