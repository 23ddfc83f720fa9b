/// A day of the Gregorian calendar, extended to all years.
package struct CalendarDate: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int

    @inlinable
    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day so many days after 1970-01-01, from the year -32,000 to 32,000.
    ///
    /// Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022): years start
    /// in March, 82 eras of 400 years keep the numbers positive, and the divisions are by constants.
    @inlinable
    package init(daysSince1970 days: Int) {
        let eras = 82
        let shifted = UInt64(bitPattern: Int64(days + 719_468 + 146_097 * eras))
        let (century, dayOfCentury4) = (4 * shifted + 3).quotientAndRemainder(dividingBy: 146_097)
        let product = 2_939_745 * (dayOfCentury4 / 4 * 4 + 3)
        let yearOfCentury = product >> 32
        let dayOfYear = (product & 0xFFFF_FFFF) / 2_939_745 / 4
        let monthAndDay = 2141 * dayOfYear + 197_913
        let isNextYear = dayOfYear >= 306
        let month = Int(truncatingIfNeeded: monthAndDay >> 16)
        year = Int(truncatingIfNeeded: 100 * century + yearOfCentury) - 400 * eras + (isNextYear ? 1 : 0)
        self.month = isNextYear ? month - 12 : month
        day = Int(truncatingIfNeeded: (monthAndDay & 0xFFFF) / 2141) + 1
    }

    /// Howard Hinnant's `days_from_civil`; a day that its month does not have is one of the next.
    @inlinable
    package var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    package static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    package static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
