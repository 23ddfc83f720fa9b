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
        return Int64(days(fullYear, month + 1, day)) * 86_400 + Int64(time)
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

    /// The days from 1970-01-01, by eras of 400 years that begin in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
