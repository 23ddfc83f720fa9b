import CraneSystem

/// The grammar of pydantic's `datetime`: RFC 3339 with a looser separator, plain dates, and Unix times as digits.
///
/// A time without an offset is taken for UTC.
enum TimestampText {
    /// Why a text is no time, in the words of pydantic's parser.
    struct Failure: Error {
        var message: String
        /// Whether the issue speaks of "a valid datetime" rather than of "a valid datetime or date".
        var isFinal = false

        static let tooShort = Failure(message: "input is too short")
        static let extra = Failure(message: "unexpected extra characters at the end of the input")
        static let tooLarge = Failure(message: "dates after 9999 are not supported as unix timestamps")
        static let tooSmall = Failure(message: "dates before 0000 are not supported as unix timestamps")
        static let yearZero = Failure(message: "year 0 is out of range", isFinal: true)
        /// A `Timestamp` keeps no offset: the time in UTC has to fit.
        static let outsideUTC = Failure(
            message: "its offset takes it outside the years 1 to 9999", isFinal: true)
    }

    /// A full date and time within `Timestamp.range`; nil for everything else.
    static func dateTime<Text: RandomAccessCollection<UInt8>>(_ text: Text) -> Timestamp?
    where Text.Index == Int {
        instant(text).flatMap { Timestamp.range.contains($0) ? $0 : nil }
    }

    /// A full date and time, which its offset may take out of `Timestamp.range`.
    private static func instant<Text: RandomAccessCollection<UInt8>>(_ text: Text) -> Timestamp?
    where Text.Index == Int {
        guard let date = try? date(text), date.year > 0, text.count > 10 else { return nil }
        let separator = text[10]
        guard separator | 0x20 == UInt8(ascii: "t") || separator == 0x20 || separator == UInt8(ascii: "_")
        else { return nil }
        var clock = ClockText(text, from: 11)
        guard let time = try? clock.time() else { return nil }
        let seconds = date.daysSince1970 * 86_400 + time.second - time.offset
        return Timestamp(microseconds: seconds * 1_000_000 + time.microsecond)
    }

    /// Any form that pydantic takes.
    static func parse(_ text: [UInt8]) throws(Failure) -> Timestamp {
        if let value = instant(text) {
            guard Timestamp.range.contains(value) else { throw .outsideUTC }
            return value
        }
        if let value = try number(text) { return value }
        let date = try date(text)
        guard text.count == 10 || dateTimeIsValid(text) else { throw .extra }
        guard date.year > 0 else { throw .yearZero }
        return Timestamp(microseconds: date.daysSince1970 * 86_400_000_000)
    }

    private static func dateTimeIsValid(_ text: [UInt8]) -> Bool {
        // Only the year 0 can have kept a whole date and time from being read above.
        instant(Array("0004".utf8) + text.dropFirst(4)) != nil
    }

    /// The date that a text starts with.
    static func date<Text: RandomAccessCollection<UInt8>>(
        _ text: Text
    ) throws(Failure) -> CalendarDate where Text.Index == Int {
        guard text.count >= 10 else { throw .tooShort }
        guard let year = digits(text, 0, 4) else { throw Failure(message: "invalid character in year") }
        try separator(text[4])
        guard let month = digits(text, 5, 2) else { throw Failure(message: "invalid character in month") }
        try separator(text[7])
        guard let day = digits(text, 8, 2) else { throw Failure(message: "invalid character in day") }
        guard 1...12 ~= month else {
            throw Failure(message: "month value is outside expected range of 1-12")
        }
        guard day >= 1, day <= CalendarDate.daysInMonth(month, year: year) else {
            throw Failure(message: "day value is outside expected range")
        }
        return CalendarDate(year: year, month: month, day: day)
    }

    private static func separator(_ unit: UInt8) throws(Failure) {
        guard unit == UInt8(ascii: "-") else {
            throw Failure(message: "invalid date separator, expected `-`")
        }
    }

    /// The number that stands in so many digits from an offset on.
    static func digits<Text: RandomAccessCollection<UInt8>>(
        _ text: Text, _ start: Int, _ count: Int
    ) -> Int? where Text.Index == Int {
        guard text.count >= start + count else { return nil }
        var value = 0
        for offset in start..<start + count {
            let digit = text[offset] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }

    /// Unix time in digits, with a fraction where there is a dot; nil where it is no such number.
    static func number(_ text: [UInt8]) throws(Failure) -> Timestamp? {
        var unsigned = text[...]
        if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            unsigned = text.dropFirst()
        }
        let whole = unsigned.prefix { $0 &- 0x30 < 10 }
        let spelling = String(decoding: text, as: UTF8.self)
        if whole.count == unsigned.count {
            guard let seconds = Int(spelling) else { return nil }
            return try unixTime(seconds)
        }
        // Only after a dot may an exponent follow.
        guard unsigned[whole.endIndex] == UInt8(ascii: "."), whole.isEmpty || digitsFit(whole) else {
            return nil
        }
        guard let value = LaxFloat.plainNumber(spelling) else { return nil }
        do {
            return try unixTime(value)
        } catch {
            // Past the range, pydantic goes on to read the text as a date.
            if error.isFinal { throw error }
            return nil
        }
    }

    private static func digitsFit(_ text: ArraySlice<UInt8>) -> Bool {
        Int(String(decoding: text, as: UTF8.self)) != nil
    }

    /// The time of seconds since 1970, or of milliseconds where the number is past 20 thousand million.
    static func unixTime(_ number: Int) throws(Failure) -> Timestamp {
        try checked(unixMicroseconds(number))
    }

    /// The time of seconds since 1970 with a fraction, or of milliseconds, to the nearest microsecond.
    static func unixTime(_ number: Double) throws(Failure) -> Timestamp {
        try checked(unixMicroseconds(number))
    }

    /// Microseconds since 1970 of seconds, or of milliseconds where the number is past 20 thousand million.
    static func unixMicroseconds(_ number: Int) throws(Failure) -> Int {
        if number.magnitude <= 20_000_000_000 { return number * 1_000_000 }
        let (microseconds, overflow) = number.multipliedReportingOverflow(by: 1000)
        guard !overflow else { throw number < 0 ? .tooSmall : .tooLarge }
        return microseconds
    }

    static func unixMicroseconds(_ number: Double) throws(Failure) -> Int {
        guard number.magnitude < 1e18 else { throw number < 0 ? .tooSmall : .tooLarge }
        var whole = Int(number)
        if Double(whole) > number { whole -= 1 }
        let fraction = number - Double(whole)
        if number.magnitude <= 20_000_000_000 { return whole * 1_000_000 + Int(fraction * 1_000_000 + 0.5) }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1000)
        guard !overflow else { throw number < 0 ? .tooSmall : .tooLarge }
        return scaled + Int(fraction * 1000 + 0.5)
    }

    private static func checked(_ microseconds: Int) throws(Failure) -> Timestamp {
        let value = Timestamp(microseconds: microseconds)
        if value > Timestamp.range.upperBound { throw .tooLarge }
        if value >= Timestamp.range.lowerBound { return value }
        // The year 0 has 366 days: pydantic's parser knows it, Python's datetime does not.
        throw microseconds < -62_167_219_200_000_000 ? .tooSmall : .yearZero
    }
}

extension Timestamp {
    /// Reads the forms that pydantic takes: RFC 3339 with `T`, `_` or a blank in the middle, a date alone, and Unix times;
    /// a time without an offset is taken for UTC. `nil` for all else.
    public init?(_ text: String) {
        guard let value = try? TimestampText.parse(Array(text.utf8)) else { return nil }
        self = value
    }
}
