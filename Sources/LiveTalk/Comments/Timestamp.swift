import Schema

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A moment in UTC, counted in microseconds since 1970.
struct Timestamp: Hashable, Sendable {
    let microseconds: Int64

    /// The system's clock.
    static var now: Timestamp {
        var time = timespec()
        // The kernel fills the structure that lives for the length of the call.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

extension Timestamp: Describable {
    /// RFC 3339 with six fraction digits and `Z`, as pydantic writes a datetime in UTC.
    struct Description: Shape {
        /// The clients never send a time.
        func read(_ reader: inout JSONReader) throws(JSONDetour) -> Timestamp { throw JSONDetour() }

        func validate(_ input: JSONValue, _ validation: inout Validation) -> Timestamp? {
            validation.report("datetime_type", "Input should be a valid datetime", input: input)
            return nil
        }

        func write(_ value: Timestamp, to writer: inout JSONWriter) {
            writer.byte(UInt8(ascii: "\""))
            value.write(to: &writer)
            writer.byte(UInt8(ascii: "\""))
        }
    }

    static let schema = Description()

    /// `2026-11-22T10:27:46.435120Z`.
    var text: String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }

    /// Years from 0 to 9999 have four digits; others do not occur.
    private func write(to writer: inout JSONWriter) {
        let (days, time) = microseconds.dividedFloor(by: 86_400_000_000)
        let date = CivilDate(daysSince1970: days)
        let (seconds, fraction) = time.dividedFloor(by: 1_000_000)
        writer.padded(date.year, width: 4)
        writer.byte(UInt8(ascii: "-"))
        writer.padded(date.month, width: 2)
        writer.byte(UInt8(ascii: "-"))
        writer.padded(date.day, width: 2)
        writer.byte(UInt8(ascii: "T"))
        writer.padded(seconds / 3600, width: 2)
        writer.byte(UInt8(ascii: ":"))
        writer.padded(seconds / 60 % 60, width: 2)
        writer.byte(UInt8(ascii: ":"))
        writer.padded(seconds % 60, width: 2)
        writer.byte(UInt8(ascii: "."))
        writer.padded(fraction, width: 6)
        writer.byte(UInt8(ascii: "Z"))
    }
}

extension Int64 {
    fileprivate func dividedFloor(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// A day of the proleptic Gregorian calendar.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    /// Counts in 400-year eras of years that begin in March, so that the leap day is the last of its year.
    init(daysSince1970 days: Int64) {
        let (era, dayOfEra) = (days + 719_468).dividedFloor(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

extension JSONWriter {
    fileprivate mutating func padded(_ value: Int64, width: Int) {
        var power: Int64 = 1
        for _ in 1..<width { power *= 10 }
        var rest = value
        while power > 0 {
            byte(UInt8(truncatingIfNeeded: 48 + rest / power % 10))
            rest %= power
            power /= 10
        }
    }
}
