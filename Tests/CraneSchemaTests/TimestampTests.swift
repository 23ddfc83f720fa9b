import CraneSchema
import Testing

@Suite("Times")
struct TimestampTests {
    @Test("always have six fraction digits and a Z")
    func form() {
        #expect(
            Timestamp(microseconds: 1_795_343_266_435_673).description == "2026-11-22T10:27:46.435673Z")
        #expect(Timestamp(microseconds: 0).description == "1970-01-01T00:00:00.000000Z")
        #expect(Timestamp(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
        #expect(Timestamp(microseconds: 951_782_400_000_001).description == "2000-02-29T00:00:00.000001Z")
    }

    @Test("outside four-digit years are written as the nearest that is inside")
    func ends() {
        #expect(Timestamp.range.lowerBound.description == "0001-01-01T00:00:00.000000Z")
        #expect(Timestamp.range.upperBound.description == "9999-12-31T23:59:59.999999Z")
        #expect(Timestamp(microseconds: .min).description == "0001-01-01T00:00:00.000000Z")
        #expect(Timestamp(microseconds: .max).description == "9999-12-31T23:59:59.999999Z")
    }

    @Test(
        "that their offset takes out of the years 1 to 9999 are refused",
        arguments: [
            "9999-12-31T23:59:59.999999-01:00", "9999-12-31T23:59:59-00:01", "9999-12-31 20:00-23:59",
            "0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00.999999+00:01",
        ])
    func outsideByOffset(_ text: String) throws {
        let failure = #expect(throws: ValidationError.self) {
            try Timestamp.schema.decode(text: text, at: ["query", "at"])
        }
        #expect(failure?.issues.map(\.type) == ["datetime_parsing"])
        #expect(throws: DecodingFailure.self) { try Timestamp.schema.decode(Array("\"\(text)\"".utf8)) }
        #expect(throws: DecodingFailure.self) {
            try Timestamp.schema.validated(.array([.string(text)]))
        }
    }

    @Test("at the very ends are taken, whatever their offset")
    func atTheEnds() throws {
        let last = try Timestamp.schema.decode(text: "9999-12-31T22:59:59.999999-01:00", at: [])
        let first = try Timestamp.schema.decode(text: "0001-01-01T05:00:00+05:00", at: [])
        #expect(last == Timestamp.range.upperBound)
        #expect(first == Timestamp.range.lowerBound)
    }

    @Test("survive being written and read, on days all over the 400 years of the calendar")
    func roundTrip() throws {
        // From 2000-01-01 on, at ever other times of the day; 11 has no factor in common with the month lengths' cycle.
        for day in stride(from: 0, through: 146_097, by: 11) {
            let time = Timestamp(microseconds: (10_957 + day) * 86_400_000_000 + day * 591_377 + 7)
            let json = Array("\"\(time)\"".utf8)
            let read = try Timestamp.schema.decode(json)
            if read != time { Issue.record("\(time) became \(read)") }
        }
    }

    @Test("survive at the start and the end of each year of the calendar")
    func yearEnds() throws {
        var days = -719_162
        for year in 1...9999 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let digits = String(year)
            let padded = String(repeating: "0", count: 4 - digits.count) + digits
            let start = Timestamp(microseconds: days * 86_400_000_000)
            days += isLeap ? 366 : 365
            let end = Timestamp(microseconds: days * 86_400_000_000 - 1)
            #expect(start.description == "\(padded)-01-01T00:00:00.000000Z")
            #expect(end.description == "\(padded)-12-31T23:59:59.999999Z")
            #expect(try Timestamp.schema.decode(text: end.description, at: []) == end)
        }
    }
}
