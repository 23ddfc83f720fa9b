import CraneHTTP
import CraneSystem

/// Times in header fields (RFC 9110, section 5.6.7), in seconds since 1970.
enum HTTPTime {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(_ seconds: Int64) -> String { HTTPDate(unixTime: seconds).text }

    /// Reads the form of today and the two old ones, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
    static func seconds(_ text: String) -> Int64? {
        let words = text.utf8.split { ", -".utf8.contains($0) }.map { text[$0.startIndex..<$0.endIndex] }
        guard words.count == 6 || words.count == 5, let first = words.first, !first.isEmpty else {
            return nil
        }
        let isOldest = words.count == 5
        guard let day = number(words[isOldest ? 2 : 1]), (1...31).contains(day),
            let month = months.firstIndex(of: words[isOldest ? 1 : 2]),
            let year = number(words[isOldest ? 4 : 3]), (0...9999).contains(year),
            let time = timeOfDay(words[isOldest ? 3 : 4]), isOldest || words[5] == "GMT"
        else {
            return nil
        }
        // Two digits: the century in which it is not more than 50 years ahead; all such clients are of the last one or this.
        let fullYear = words[3].utf8.count == 2 && !isOldest ? year + (year < 70 ? 2000 : 1900) : year
        let date = CalendarDate(year: fullYear, month: month + 1, day: day)
        return Int64(date.daysSince1970) * 86_400 + Int64(time)
    }

    private static func timeOfDay(_ text: Substring) -> Int? {
        let parts = text.pieces(at: ":").map(number)
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
            (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
        else {
            return nil
        }
        return (hour * 60 + minute) * 60 + second
    }

    /// Digits alone: `Int` takes a sign too.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { $0 &- 0x30 < 10 } ? Int(text) : nil
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
