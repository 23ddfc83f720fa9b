import CraneSchema
import Testing

@Suite("A member without a value")
struct JSONAbsenceTests {
    @Test("is nil, whether it is null or not there; .null tells them apart")
    func absence() {
        let answer: JSONValue = ["notes": .null, "text": "x"]
        #expect(answer["notes"] == nil)
        #expect(answer["other"] == nil)
        #expect(answer["text"] != nil)
        #expect(!(answer["notes"] != nil))
        #expect(!(answer["text"] == nil))
        #expect(answer["notes"] == .null)
        #expect(answer["other"] != .null)
        #expect(answer["text"] != .null)
    }
}

@Suite("Equality of JSON")
struct JSONEqualityTests {
    @Test("takes members in any order, and elements in theirs")
    func order() {
        let value: JSONValue = ["a": 1, "b": ["c", nil, true]]
        let same: JSONValue = ["b": ["c", nil, true], "a": 1]
        #expect(value == same)
        #expect(Set([value, same]).count == 1)
        #expect(value != ["a": 1])
        #expect(JSONValue.array([1, 2]) != [2, 1])
        #expect(JSONValue.object([]) != .array([]))
    }

    @Test("tells numbers of two kinds and strings of other code points apart")
    func scalars() {
        #expect(JSONValue.integer(1) != 1.0)
        #expect(JSONValue.string("\u{E9}") != "e\u{301}")
        #expect(JSONValue.object([.init("\u{E9}", 1)]) != ["e\u{301}": 1])
        #expect(JSONValue.brokenString([0xED, 0xA0, 0x80]) == .brokenString([0xED, 0xA0, 0x80]))
        #expect(JSONValue.bigInteger("12345678901234567890") == .bigInteger("12345678901234567890"))
        #expect(JSONValue.null != false)
    }
}
