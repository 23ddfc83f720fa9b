import CraneSystem

/// The grammar of pydantic's `timedelta`: ISO 8601 durations, `2 days, 01:02:03`, and `01:02:03`.
///
/// A year has 365 days and a month 30, as there.
struct DurationText {
    typealias Failure = TimestampText.Failure

    private let text: [UInt8]
    private var index = 0
    private var days = 0
    private var seconds = 0
    private var microseconds = 0

    /// The most days that a `timedelta` has.
    private static let mostDays = 999_999_999
    static let tooManyDays = Failure(message: "durations may not exceed 999,999,999 days")
    private static let tooLarge = Failure(message: "a numeric value in the duration is too large")
    private static let badDays = Failure(message: "\"day\" identifier in duration not correctly formatted")
    private static let badDigit = Failure(message: "invalid digit in duration")

    static func parse(_ text: String) throws(Failure) -> Duration {
        var parser = DurationText(text: Array(text.utf8))
        return try parser.whole()
    }

    private init(text: [UInt8]) {
        self.text = text
    }

    /// A number of seconds.
    static func duration(ofSeconds seconds: Int) throws(Failure) -> Duration {
        try duration(isNegative: seconds < 0, seconds: Int(clamping: seconds.magnitude), microseconds: 0)
    }

    /// A number of seconds with a fraction, to the nearest microsecond.
    static func duration(ofSeconds seconds: Double) throws(Failure) -> Duration {
        if seconds.isNaN { throw Failure(message: "NaN values not permitted") }
        let whole = seconds.magnitude.rounded(.down)
        guard whole < 1e15 else { throw tooManyDays }
        let microseconds = ((seconds.magnitude - whole) * 1_000_000).rounded()
        return try duration(
            isNegative: seconds < 0, seconds: Int(whole), microseconds: Int(microseconds))
    }

    private static func duration(
        isNegative: Bool, seconds: Int, microseconds: Int
    ) throws(Failure) -> Duration {
        let seconds = seconds + microseconds / 1_000_000
        guard seconds / 86_400 <= mostDays else { throw tooManyDays }
        let duration = Duration(
            secondsComponent: Int64(seconds),
            attosecondsComponent: Int64(microseconds % 1_000_000) * 1_000_000_000_000)
        return isNegative ? .zero - duration : duration
    }

    private mutating func whole() throws(Failure) -> Duration {
        guard let first = text.first else { throw .tooShort }
        let isNegative = first == UInt8(ascii: "-")
        if isNegative || first == UInt8(ascii: "+") { index = 1 }
        let rest = text[index...]
        if rest.first == UInt8(ascii: "P") {
            index += 1
            try designated()
        } else if rest.count < 5 || rest.contains(where: { $0 | 0x20 == UInt8(ascii: "d") }) {
            try daysAndClock()
        } else {
            try clock(hoursBelow: Self.mostDays + 1)
        }
        guard days <= Self.mostDays else { throw Self.tooManyDays }
        return try Self.duration(
            isNegative: isNegative, seconds: days * 86_400 + seconds, microseconds: microseconds)
    }

    /// ISO 8601: quantities with their designators, of which one may have a fraction, the last.
    private mutating func designated() throws(Failure) {
        var isTime = false
        var hadFraction = false
        while index < text.count {
            if text[index] == UInt8(ascii: "T") {
                if isTime { throw Failure(message: "`t` character repeated in duration") }
                isTime = true
                index += 1
                continue
            }
            let value = try number()
            let fraction = fraction()
            if hadFraction { throw Failure(message: "quantity fraction invalid in duration") }
            hadFraction = fraction != nil
            let unit = index < text.count ? text[index] : 0
            guard let size = isTime ? Self.timeUnits[unit] : Self.dateUnits[unit] else {
                throw Failure(message: "quantity invalid in \(isTime ? "time" : "date") part of duration")
            }
            index += 1
            try add(value, fraction ?? 0, size, isTime: isTime)
        }
        if index < 3 { throw .tooShort }
    }

    private static let dateUnits: [UInt8: Int] = [
        UInt8(ascii: "Y"): 365, UInt8(ascii: "M"): 30, UInt8(ascii: "W"): 7, UInt8(ascii: "D"): 1,
    ]
    private static let timeUnits: [UInt8: Int] = [
        UInt8(ascii: "H"): 3600, UInt8(ascii: "M"): 60, UInt8(ascii: "S"): 1,
    ]

    private mutating func add(
        _ value: Int, _ fraction: Double, _ size: Int, isTime: Bool
    ) throws(Failure) {
        // Both fit 32 bits each, as those of pydantic's parser do.
        guard value * size <= UInt32.max else { throw Self.tooLarge }
        var extra = fraction * Double(size)
        if isTime {
            seconds += value * size
        } else {
            days += value * size + Int(extra)
            extra = (extra - extra.rounded(.towardZero)) * 86_400
        }
        seconds += Int(extra)
        microseconds += Int(((extra - extra.rounded(.towardZero)) * 1_000_000).rounded())
        guard max(days, seconds) <= UInt32.max else { throw Self.tooLarge }
    }

    /// `2 days, 01:02:03`, in which all but the number and the `d` may be left out.
    private mutating func daysAndClock() throws(Failure) {
        guard index < text.count else { throw .tooShort }
        days = try number()
        takes(" ")
        guard takes("d") else { throw Self.badDays }
        if takes("a") {
            guard takes("y") else { throw Self.badDays }
            takes("s")
        }
        takes(",")
        takes(" ")
        guard index < text.count else { return }
        guard text.count - index >= 5 else { throw .tooShort }
        guard text[index] &- 0x30 < 10 else { throw Failure(message: "invalid character in hour") }
        try clock(hoursBelow: 24)
    }

    /// Hours, minutes and perhaps seconds, up to the end.
    private mutating func clock(hoursBelow limit: Int) throws(Failure) {
        let tooMany = "durations may not exceed 999,999,999 hours"
        var hour = 0
        guard text[index] &- 0x30 < 10 else { throw Self.badDigit }
        while index < text.count, text[index] != UInt8(ascii: ":") {
            let digit = text[index] &- 0x30
            guard digit < 10 else { throw Failure(message: "invalid character in hour") }
            hour = hour * 10 + Int(digit)
            guard hour < limit else { throw Failure(message: tooMany) }
            index += 1
        }
        guard index < text.count else { throw Failure(message: "invalid character in hour") }
        var clock = ClockText(text, from: index + 1)
        (seconds, microseconds) = try clock.rest(ofHour: hour, below: limit, tooMany)
        guard clock.index == text.count else { throw .extra }
    }

    /// A whole number of 32 bits.
    private mutating func number() throws(Failure) -> Int {
        let start = index
        var value = 0
        while index < text.count, text[index] &- 0x30 < 10 {
            value = value * 10 + Int(text[index] &- 0x30)
            guard value <= UInt32.max else { throw Self.tooLarge }
            index += 1
        }
        if index == start { throw Self.badDigit }
        return value
    }

    /// What stands behind a dot or a comma, if one is there.
    private mutating func fraction() -> Double? {
        guard index < text.count, text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ",") else {
            return nil
        }
        index += 1
        var (value, scale) = (0.0, 1.0)
        while index < text.count, text[index] &- 0x30 < 10 {
            value = value * 10 + Double(text[index] &- 0x30)
            scale *= 10
            index += 1
        }
        return value / scale
    }

    /// Takes a character of either case.
    @discardableResult
    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        let letter = UInt8(ascii: character)
        guard index < text.count, text[index] == letter || (letter >= 0x61 && text[index] | 0x20 == letter)
        else { return false }
        index += 1
        return true
    }
}
