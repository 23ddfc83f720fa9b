import Testing

@testable import CraneHTTP

@Suite("The date of a response")
struct HTTPDateTests {
    @Test(
        "has the fixed form of RFC 9110, 5.6.7",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
            (1_735_689_600, "Wed, 01 Jan 2025 00:00:00 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
        ] as [(Int64, String)])
    func format(_ time: Int64, _ text: String) {
        let date = HTTPDate(unixTime: time)
        #expect(date.text == text)
        let other = HTTPDate(unixTime: 1)
        other.refresh(unixTime: time)
        #expect(other.line == Array("date: \(text)\r\n".utf8))
    }

    @Test("counts days through leap years without a gap")
    func days() {
        let date = HTTPDate()
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        var before = ""
        for day in 0..<60000 {
            date.refresh(unixTime: Int64(day) * 86400)
            let text = date.text
            #expect(text.hasPrefix(names[day % 7]))
            #expect(text != before)
            let number = text.dropFirst(5).prefix(2)
            let follows = number == "01" || Int(number) == Int(before.dropFirst(5).prefix(2)).map { $0 + 1 }
            #expect(follows, "\(before) then \(text)")
            before = text
        }
    }
}
