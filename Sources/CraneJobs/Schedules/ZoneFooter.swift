import CraneSystem

/// What clocks do from year to year, as the environment variable `TZ` of POSIX has it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneFooter: Hashable, Sendable {
    /// A day of each year, and a time of it by the clocks of then.
    struct Day: Hashable, Sendable {
        enum Rule: Hashable, Sendable {
            /// From 1 to 365; 29 February is none of them.
            case julian(Int)
            /// From 0 to 365.
            case ordinal(Int)
            /// A weekday's so-manieth in a month, the last one for 5.
            case weekday(month: Int, week: Int, day: Int)
        }

        let rule: Rule
        let seconds: Int

        /// The time in a year, in seconds since 1970 by the clocks.
        func wall(in year: Int) -> Int {
            let newYear = CalendarDate(year: year, month: 1, day: 1).daysSince1970
            let day: Int
            switch rule {
            case .julian(let number):
                day = newYear + number - 1 + (CalendarDate.isLeap(year) && number > 59 ? 1 : 0)
            case .ordinal(let number):
                day = newYear + number
            case .weekday(let month, let week, let weekday):
                let first = CalendarDate(year: year, month: month, day: 1).daysSince1970
                // 1970-01-01 was a Thursday.
                let shift = (weekday - (first + 4)).flooredRemainder(by: 7)
                let length = CalendarDate.daysInMonth(month, year: year)
                var date = shift + (week - 1) * 7
                if date >= length { date -= 7 }
                day = first + date
            }
            return day * 86_400 + seconds
        }
    }

    private let standard: Int
    private let summer: (offset: Int, start: Day, end: Day)?

    static func == (left: ZoneFooter, right: ZoneFooter) -> Bool {
        left.standard == right.standard && left.summer?.offset == right.summer?.offset
            && left.summer?.start == right.summer?.start && left.summer?.end == right.summer?.end
    }

    func hash(into hasher: inout Hasher) { hasher.combine(standard) }

    init?(_ text: String) {
        var reader = FooterReader(text)
        guard reader.name(), let standard = reader.offset() else { return nil }
        self.standard = -standard
        if reader.isAtEnd {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        // An hour ahead unless it is said.
        var offset = 3600 - standard
        if !reader.isNext(",") {
            guard let given = reader.offset() else { return nil }
            offset = -given
        }
        guard reader.takes(","), let start = reader.day(), reader.takes(","), let end = reader.day(),
            reader.isAtEnd
        else { return nil }
        summer = (offset, start, end)
    }

    /// Seconds that clocks are ahead of UTC.
    func offset(at time: Int) -> Int {
        guard let summer else { return standard }
        let year = CalendarDate(daysSince1970: (time + standard).flooredQuotient(by: 86_400)).year
        let start = summer.start.wall(in: year) - standard
        let end = summer.end.wall(in: year) - summer.offset
        // South of the equator summer goes over the turn of the year.
        let isSummer = start < end ? start <= time && time < end : !(end <= time && time < start)
        return isSummer ? summer.offset : standard
    }
}

private struct FooterReader {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    func isNext(_ character: Character) -> Bool { rest.first == character }

    mutating func takes(_ character: Character) -> Bool {
        guard isNext(character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Letters, or anything in angle brackets.
    mutating func name() -> Bool {
        if takes("<") {
            guard let end = rest.firstIndex(of: ">") else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let name = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(name.count)
        return name.count >= 3
    }

    mutating func number() -> Int? {
        let digits = rest.prefix { "0"..."9" ~= $0 }
        guard digits.count <= 3, let number = Int(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        return number
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func offset() -> Int? {
        let sign = takes("-") ? -1 : 1
        if sign == 1 { _ = takes("+") }
        guard let hours = number(), hours <= 167 else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where takes(":") {
            guard let number = number(), number < 60 else { return nil }
            seconds += number * unit
        }
        return sign * seconds
    }

    mutating func day() -> ZoneFooter.Day? {
        let rule: ZoneFooter.Day.Rule
        if takes("M") {
            guard let month = number(), takes("."), let week = number(), takes("."), let day = number(),
                1...12 ~= month, 1...5 ~= week, 0...6 ~= day
            else { return nil }
            rule = .weekday(month: month, week: week, day: day)
        } else if takes("J") {
            guard let number = number(), 1...365 ~= number else { return nil }
            rule = .julian(number)
        } else {
            guard let number = number(), 0...365 ~= number else { return nil }
            rule = .ordinal(number)
        }
        var seconds = 7200
        if takes("/") {
            guard let given = offset() else { return nil }
            seconds = given
        }
        return ZoneFooter.Day(rule: rule, seconds: seconds)
    }
}
