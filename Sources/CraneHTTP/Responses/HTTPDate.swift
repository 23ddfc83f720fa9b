import CraneSystem

/// The `date` field of a response, made anew at most once a second (RFC 9110, section 5.6.7); belongs to one loop.
package final class HTTPDate {
    private static let prefix: StaticString = "date: "

    /// `date: Sun, 06 Nov 1994 08:49:37 GMT` with its CRLF.
    // Both are written by its loop only, in `refresh` and `write`, which call nothing that reads them.
    @safe @exclusivity(unchecked)
    private(set) var line: [UInt8]
    @safe @exclusivity(unchecked)
    private var unixTime: Int64

    package init(unixTime: Int64 = 0) {
        line = Array("date: Thu, 01 Jan 1970 00:00:00 GMT\r\n".utf8)
        self.unixTime = unixTime
        write()
    }

    /// Brings the date to `unixTime`, in seconds since 1970; costs a comparison while the second lasts.
    @inline(__always)
    package func refresh(unixTime: Int64) {
        if unixTime != self.unixTime {
            self.unixTime = unixTime
            write()
        }
    }

    /// The date alone, as for `last-modified`.
    package var text: String {
        String(decoding: line[HTTPDate.prefix.utf8CodeUnitCount..<(line.count - 2)], as: UTF8.self)
    }

    @inline(never)
    private func write() {
        // Four-digit years only, 1970 to 9999.
        let time = min(max(unixTime, 0), 253_402_300_799)
        let (days, seconds) = time.quotientAndRemainder(dividingBy: 86400)
        let date = CalendarDate(daysSince1970: Int(days))
        var at = HTTPDate.prefix.utf8CodeUnitCount
        func put(_ text: StaticString, _ index: Int) {
            for offset in 0..<3 { unsafe line[at + offset] = text.utf8Start[3 * index + offset] }
            at += 3
        }
        func put(_ number: Int) {
            line[at] = UInt8(48 + number / 10)
            line[at + 1] = UInt8(48 + number % 10)
            at += 2
        }
        put("SunMonTueWedThuFriSat", Int(days + 4) % 7)
        at += 2
        put(date.day)
        at += 1
        put("JanFebMarAprMayJunJulAugSepOctNovDec", date.month - 1)
        at += 1
        put(date.year / 100)
        put(date.year % 100)
        at += 1
        put(Int(seconds) / 3600)
        at += 1
        put(Int(seconds) / 60 % 60)
        at += 1
        put(Int(seconds) % 60)
    }
}
