public import CraneSchema
import CraneSystem

/// The minutes at which something is due again and again, in the terms of crontab(5): `0 7 * * mon-fri` in a time zone.
///
/// Five fields: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), each `*`, a number or a name, a range
/// `a-b`, steps `*/n` or `a-b/n`, or several of them with commas; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. Where
/// both days are given, either is enough.
///
/// When clocks are put forward, a time that they leave out is due right behind the gap; when they are put back, a time that comes
/// twice is due the first time. An hour of `*` goes by the hours that there are: the missing one is left out, the double one counts
/// twice.
public struct Cron: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    public let zone: String
    private let rules: ZoneRules
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    /// Whether either day is enough.
    private let takesEitherDay: Bool
    /// Whether the hour is that of the clock, and not a time of day.
    private let isHourly: Bool

    /// How far ahead is looked: a day that comes once in 28 years is found, also where the century leaves out a leap year.
    private static let horizon = 41 * 366

    /// Reads the text; the zone is one of the system's time zone database, `Africa/Kampala`.
    ///
    /// - Throws: for a text or a zone that means nothing, and for times that never come, such as 30 February.
    public init(_ text: String, zone: String = "UTC") throws(CronError) {
        let fields = (Self.names[text.lowercased()] ?? text).split(whereSeparator: { $0 == " " || $0 == "\t" }
        )
        guard fields.count == 5 else {
            throw CronError("\"\(text)\": there are five fields, from minute to day of the week")
        }
        minutes = try CronField.minute.mask(of: fields[0])
        hours = try CronField.hour.mask(of: fields[1])
        days = try CronField.day.mask(of: fields[2])
        months = try CronField.month.mask(of: fields[3])
        let weekdays = try CronField.weekday.mask(of: fields[4])
        // 7 is 0.
        self.weekdays = weekdays & 0x7F | weekdays >> 7
        takesEitherDay = fields[2].first != "*" && fields[4].first != "*"
        isHourly = fields[1].first == "*"
        description = text
        self.zone = zone
        rules = try ZoneRules.named(zone)
        // A leap day is found from any day on.
        if next(after: Timestamp(microseconds: 0)) == nil {
            throw CronError("\"\(text)\": this time never comes")
        }
    }

    private static let names = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// The first time after this one; `nil` past the year 9999, and where none comes within 41 years.
    public func next(after time: Timestamp) -> Timestamp? {
        let seconds = time.microseconds.flooredQuotient(by: 1_000_000)
        let behind = min(rules.offset(at: seconds - 86_400), rules.offset(at: seconds + 86_400))
        let first = (seconds + behind).flooredQuotient(by: 86_400)
        var found: Int?
        for day in first...first + Self.horizon where matches(day: day) {
            if let time = nextTime(of: day, after: seconds) { found = min(found ?? time, time) }
            // Where clocks are changed, the next day may hold an earlier time.
            if let found, rules.isSteady(at: found) || (day - 1) * 86_400 > found + rules.offset(at: found) {
                break
            }
        }
        return found.map { Timestamp(microseconds: $0 * 1_000_000) }.flatMap {
            $0 <= Timestamp.range.upperBound ? $0 : nil
        }
    }

    private func matches(day: Int) -> Bool {
        let date = CalendarDate(daysSince1970: day)
        guard months >> UInt64(date.month) & 1 == 1 else { return false }
        let isDay = days >> UInt64(date.day) & 1 == 1
        // 1970-01-01 was a Thursday.
        let isWeekday = weekdays >> UInt64((day + 4).flooredRemainder(by: 7)) & 1 == 1
        return takesEitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    /// The earliest of a day's times that comes after a second.
    private func nextTime(of day: Int, after seconds: Int) -> Int? {
        var found: Int?
        for hour in 0..<24 where hours >> UInt64(hour) & 1 == 1 {
            for minute in 0..<60 where minutes >> UInt64(minute) & 1 == 1 {
                let wall = day * 86_400 + hour * 3600 + minute * 60
                for time in times(ofClock: wall) where time > seconds { found = min(found ?? time, time) }
                if let found, rules.isSteady(at: found) { return found }
            }
        }
        return found
    }

    /// The seconds since 1970 at which the zone's clocks show a time that counts.
    private func times(ofClock wall: Int) -> [Int] {
        let times = rules.times(ofClock: wall)
        if isHourly { return times }
        return [times.first ?? rules.endOfGap(at: wall)]
    }
}

/// Why a text is no ``Cron``.
public struct CronError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// One of the five fields.
private struct CronField {
    let name: String
    let range: ClosedRange<Int>
    var words: [String] = []

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let day = CronField(name: "day", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        words: ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let weekday = CronField(
        name: "day of the week", range: 0...7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    /// A bit for each number.
    func mask(of text: Substring) throws(CronError) -> UInt64 {
        var mask: UInt64 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            var step = 1
            if pieces.count == 2, let given = Int(pieces[1]), given > 0 {
                step = given
            } else if pieces.count != 1 {
                throw mistake(part)
            }
            guard let span = span(of: pieces[0]),
                pieces.count == 1 || pieces[0].contains("-") || pieces[0] == "*"
            else { throw mistake(part) }
            for number in stride(from: span.lowerBound, through: span.upperBound, by: step) {
                mask |= 1 << UInt64(number)
            }
        }
        return mask
    }

    private func span(of text: Substring) -> ClosedRange<Int>? {
        if text == "*" { return range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap(number), ends.count <= 2 else { return nil }
        if ends.count == 1 { return first...first }
        guard var last = number(ends[1]) else { return nil }
        // Sunday ends a week too: sat-sun.
        if name == CronField.weekday.name, last == 0, first > 0 { last = 7 }
        return first <= last ? first...last : nil
    }

    private func number(_ text: Substring) -> Int? {
        if let place = words.firstIndex(of: text.lowercased()), !text.isEmpty { return place }
        guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int(text), range.contains(number)
        else {
            return nil
        }
        return number
    }

    private func mistake(_ text: Substring) -> CronError {
        CronError("\"\(text)\" is no \(name), which is from \(range.lowerBound) to \(range.upperBound)")
    }
}

extension Int {
    func flooredQuotient(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    func flooredRemainder(by divisor: Int) -> Int { self - flooredQuotient(by: divisor) * divisor }
}
