import CraneSchema
import Testing

@Suite("Small types")
struct SmallTypeTests {
    @Test("a Float is written as short as it is, and ends where its range does")
    func floats() {
        #expect(Outcome(Float.schema, "0.1") == .accepted("0.1"))
        #expect(Outcome(Float.schema, #""1.5""#) == .accepted("1.5"))
        #expect(Outcome(.float32(ge: 0.1), "0.1") == .accepted("0.1"))
        guard case .refused(let issues) = Outcome(Float.schema, "1e39") else {
            Issue.record("a number past the range was taken")
            return
        }
        #expect(issues.contains("finite_number"))
    }

    @Test("a set is written in its order where it has one")
    func sets() {
        #expect(Outcome(Set<Int>.schema, "[10,9,100]") == .accepted("[9,10,100]"))
        #expect(Outcome(Set<String>.schema, #"["b","a","B"]"#) == .accepted(#"["B","a","b"]"#))
        #expect(Outcome(Set<Bool>.schema, "[true,false,true]") == .accepted("[false,true]"))
        var components = SchemaComponents()
        #expect(
            SetSchema.set(.string(), minItems: 1, maxItems: 2).jsonSchema(&components).json
                == #"{"type":"array","items":{"type":"string"},"uniqueItems":true,"minItems":1,"maxItems":2}"#
        )
    }

    @Test("days are made of their parts, texts and times, and counted")
    func days() throws {
        let day = try #require(Day(year: 2024, month: 2, day: 29))
        #expect(day.description == "2024-02-29")
        #expect(day == Day("2024-02-29"))
        #expect(day.advanced(by: 1).description == "2024-03-01")
        #expect(Day(year: 2023, month: 2, day: 29) == nil)
        #expect(Day(year: 0, month: 1, day: 1) == nil)
        #expect(Day("soon") == nil)
        #expect(Day(Timestamp(microseconds: -1)).description == "1969-12-31")
        #expect(Day(day.start) == day)
        #expect((day.year, day.month, day.day) == (2024, 2, 29))
        #expect(Day(year: 7, month: 1, day: 2)?.description == "0007-01-02")
        var components = SchemaComponents()
        #expect(Day.schema.jsonSchema(&components).json == #"{"type":"string","format":"date"}"#)
        #expect(Duration.schema.jsonSchema(&components).json == #"{"type":"string","format":"duration"}"#)
    }

    @Test("days and durations stand in columns as their texts")
    func columns() {
        let day = Day(daysSince1970: 0)
        #expect(Day.schema.columnValue(day) == .text("1970-01-01"))
        #expect(Day.schema.value(ofColumn: .text("1970-01-01")) == day)
        #expect(Duration.schema.columnValue(.seconds(90)) == .text("PT1M30S"))
        #expect(Duration.schema.value(ofColumn: .text("PT1M30S")) == .seconds(90))
        #expect(Float.schema.value(ofColumn: Float.schema.columnValue(0.1)) == 0.1)
    }

    @Test("times and UUIDs are made of texts")
    func texts() {
        #expect(Timestamp("1970-01-01T00:00:01Z") == Timestamp(microseconds: 1_000_000))
        #expect(Timestamp("1970-01-02") == Timestamp(microseconds: 86_400_000_000))
        #expect(Timestamp("tomorrow") == nil)
        #expect(UniqueID() != UniqueID())
    }
}
