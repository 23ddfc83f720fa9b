import CraneSchema
import Testing

@testable import CraneJobs

@Suite("Cron")
struct CronTests {
    /// The next times, as their texts in UTC.
    private func times(_ text: String, zone: String = "UTC", after: String, _ count: Int) throws -> [String] {
        let cron = try Cron(text, zone: zone)
        var time = try Timestamp.schema.decode(Array("\"\(after)\"".utf8))
        return try (0..<count).map { _ in
            time = try #require(cron.next(after: time))
            return String("\(time)".prefix(16))
        }
    }

    @Test("every field counts")
    func fields() throws {
        #expect(
            try times("*/20 * * * *", after: "2026-11-29T10:05:00Z", 3) == [
                "2026-11-29T10:20", "2026-11-29T10:40", "2026-11-29T11:00",
            ])
        #expect(
            try times("0 7 * * mon-fri", after: "2026-11-27T07:00:00Z", 2) == [
                "2026-11-30T07:00", "2026-12-01T07:00",
            ])
        #expect(
            try times("30 6,18 1-31/10 jan,JUL *", after: "2026-07-21T18:30:00Z", 3) == [
                "2026-07-31T06:30", "2026-07-31T18:30", "2027-01-01T06:30",
            ])
        #expect(
            try times("0 0 * * sat-sun", after: "2026-11-28T00:00:00Z", 2) == [
                "2026-11-29T00:00", "2026-12-05T00:00",
            ])
        #expect(try times("0 0 * * 7", after: "2026-11-28T00:00:00Z", 1) == ["2026-11-29T00:00"])
        #expect(
            try times("@monthly", after: "2026-11-28T00:00:00Z", 2) == [
                "2026-12-01T00:00", "2027-01-01T00:00",
            ])
        // The seconds before a minute are before it.
        #expect(try times("0 0 1 1 *", after: "1969-12-31T23:59:59.5Z", 1) == ["1970-01-01T00:00"])
    }

    @Test("either day is enough where both are given")
    func eitherDay() throws {
        #expect(
            try times("0 0 13 * fri", after: "2026-11-10T00:00:00Z", 3) == [
                "2026-11-13T00:00", "2026-11-20T00:00", "2026-11-27T00:00",
            ])
        #expect(try times("0 0 13 * *", after: "2026-11-14T00:00:00Z", 1) == ["2026-12-13T00:00"])
    }

    @Test("a leap day is found, and over a century that has none")
    func leapDay() throws {
        #expect(
            try times("0 12 29 2 *", after: "2026-01-01T00:00:00Z", 2) == [
                "2028-02-29T12:00", "2032-02-29T12:00",
            ])
        #expect(try times("0 12 29 2 *", after: "2096-03-01T00:00:00Z", 1) == ["2104-02-29T12:00"])
    }

    @Test("an hour that clocks leave out is made up for right behind the gap")
    func gap() throws {
        // Clocks in Berlin go from 02:00 to 03:00 on 28 March 2027, at 01:00 UTC.
        #expect(
            try times("30 2 * * *", zone: "Europe/Berlin", after: "2027-03-27T00:00:00Z", 3) == [
                "2027-03-27T01:30", "2027-03-28T01:00", "2027-03-29T00:30",
            ])
        #expect(
            try times("0,30 2 * * *", zone: "Europe/Berlin", after: "2027-03-27T12:00:00Z", 2) == [
                "2027-03-28T01:00", "2027-03-29T00:00",
            ])
        // By the hours that there are.
        #expect(
            try times("30 * * * *", zone: "Europe/Berlin", after: "2027-03-27T23:45:00Z", 3) == [
                "2027-03-28T00:30", "2027-03-28T01:30", "2027-03-28T02:30",
            ])
    }

    @Test("an hour that comes twice counts once, but for an hour of *")
    func overlap() throws {
        // Clocks in Berlin go from 03:00 to 02:00 on 31 October 2027, at 01:00 UTC.
        #expect(
            try times("30 2 * * *", zone: "Europe/Berlin", after: "2027-10-30T12:00:00Z", 2) == [
                "2027-10-31T00:30", "2027-11-01T01:30",
            ])
        #expect(
            try times("30 2 * * *", zone: "Europe/Berlin", after: "2027-10-31T00:30:00Z", 1) == [
                "2027-11-01T01:30"
            ])
        #expect(
            try times("*/30 * * * *", zone: "Europe/Berlin", after: "2027-10-30T23:59:00Z", 6) == [
                "2027-10-31T00:00", "2027-10-31T00:30", "2027-10-31T01:00", "2027-10-31T01:30",
                "2027-10-31T02:00",
                "2027-10-31T02:30",
            ])
    }

    @Test("zones go on by their rule behind the last year of the file, on both sides of the equator")
    func farYears() throws {
        #expect(
            try times("0 12 1 1,7 *", zone: "Europe/Berlin", after: "2091-02-01T00:00:00Z", 2) == [
                "2091-07-01T10:00", "2092-01-01T11:00",
            ])
        #expect(
            try times("0 12 1 1,7 *", zone: "Australia/Sydney", after: "2091-02-01T00:00:00Z", 2) == [
                "2091-07-01T02:00", "2092-01-01T01:00",
            ])
        #expect(
            try times("0 7 * * *", zone: "Africa/Kampala", after: "2026-11-29T00:00:00Z", 1) == [
                "2026-11-29T04:00"
            ])
        #expect(
            try times("0 7 * * *", zone: "Asia/Kathmandu", after: "2026-11-29T00:00:00Z", 1) == [
                "2026-11-29T01:15"
            ])
    }

    @Test("a day that a zone has left out is made up for")
    func missingDay() throws {
        // Samoa went from 29 to 31 December 2011, at 10:00 UTC on the 30th.
        #expect(
            try times("0 12 * * *", zone: "Pacific/Apia", after: "2011-12-29T00:00:00Z", 3) == [
                "2011-12-29T22:00", "2011-12-30T10:00", "2011-12-30T22:00",
            ])
    }

    @Test(
        "times that never come, and texts that mean nothing, are errors",
        arguments: [
            ("0 0 30 2 *", "UTC", "\"0 0 30 2 *\": this time never comes"),
            ("0 0 31 4,6,9,11 *", "UTC", "\"0 0 31 4,6,9,11 *\": this time never comes"),
            ("0 0 * *", "UTC", "\"0 0 * *\": there are five fields, from minute to day of the week"),
            ("60 0 * * *", "UTC", "\"60\" is no minute, which is from 0 to 59"),
            ("0 24 * * *", "UTC", "\"24\" is no hour, which is from 0 to 23"),
            ("0 0 0 * *", "UTC", "\"0\" is no day, which is from 1 to 31"),
            ("0 0 * foo *", "UTC", "\"foo\" is no month, which is from 1 to 12"),
            ("0 0 * * fri-mon", "UTC", "\"fri-mon\" is no day of the week, which is from 0 to 7"),
            ("*/0 * * * *", "UTC", "\"*/0\" is no minute, which is from 0 to 59"),
            ("5/2 * * * *", "UTC", "\"5/2\" is no minute, which is from 0 to 59"),
            ("1,,2 * * * *", "UTC", "\"\" is no minute, which is from 0 to 59"),
            ("+1 * * * *", "UTC", "\"+1\" is no minute, which is from 0 to 59"),
            ("0 0 L * *", "UTC", "\"L\" is no day, which is from 1 to 31"),
            (
                "* * * * *", "../../etc/passwd",
                "\"../../etc/passwd\" is no time zone's name, such as Africa/Kampala"
            ),
            ("* * * * *", "", "\"\" is no time zone's name, such as Africa/Kampala"),
            ("* * * * *", "tzdata.zi", "\"tzdata.zi\" is no time zone's name, such as Africa/Kampala"),
            (
                "* * * * *", "zone1970",
                "there is no time zone zone1970 in /usr/share/zoneinfo: no such file or directory"
            ),
            (
                "* * * * *", "Africa",
                "there is no time zone Africa in /usr/share/zoneinfo: illegal operation on a directory"
            ),
        ])
    func refuses(text: String, zone: String, message: String) {
        #expect {
            try Cron(text, zone: zone)
        } throws: { error in
            if zone == "Africa" || zone == "zone1970" {
                return "\(error)".hasPrefix("there is no time zone \(zone) in /usr/share/zoneinfo")
            }
            return "\(error)" == message
        }
    }

    @Test(
        "a clock and its times lead back to each other",
        arguments: [
            "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tehran",
        ])
    func offsets(zone: String) throws {
        let rules = try ZoneRules.named(zone)
        // `times` and `offset` are each other's inverse.
        for time in stride(from: -2_000_000_000, to: 4_000_000_000, by: 86_400 * 5 + 1234) {
            let wall = time + rules.offset(at: time)
            #expect(rules.times(ofClock: wall).contains(time))
        }
    }

    @Test("a damaged file of a zone is refused")
    func damage() {
        var bytes: [UInt8] = Array("TZif2".utf8) + Array(repeating: 0, count: 39)
        #expect(ZoneRules(bytes) == nil)
        bytes = Array("TZif2".utf8) + Array(repeating: 0xFF, count: 200)
        #expect(ZoneRules(bytes) == nil)
        #expect(ZoneRules([]) == nil)
        for footer in [
            "", "E", "EAT", "EAT-3X", "CET-1CEST", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.5.0",
        ] {
            #expect(ZoneFooter(footer) == nil)
        }
        #expect(ZoneFooter("<+0330>-3:30")?.offset(at: 0) == 12_600)
    }
}
