import CraneSchema
import Testing

/// Where the reference answers 500, or would store what cannot be stored, these are refused with 422.
@Suite("What the reference fails on")
struct DecidedDifferenceTests {
    static func refusal(_ type: String, _ message: String, _ input: String) -> Outcome {
        .refused(#"[{"type":"\#(type)","loc":["body"],"msg":"\#(message)","input":\#(input)}]"#)
    }

    static let size = "Unable to parse input string as an integer, exceeded maximum size"
    static let finite = "Input should be a finite number"
    static let unicode = "Input should be a valid string, unable to parse raw data as a unicode string"

    @Test(
        "whole numbers past 64 bits are refused by their size",
        arguments: [
            "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890",
            "\"9223372036854775808\"", "\"99999999999999999999\"", "1e19", "-9223372036854775808.0",
        ])
    func hugeIntegers(_ json: String) {
        let floats = ["1e19": "1e+19", "-9223372036854775808.0": "-9.223372036854776e+18"]
        let echo = floats[json] ?? json
        #expect(Outcome(Int.schema, json) == Self.refusal("int_parsing_size", Self.size, echo))
    }

    @Test(
        "NaN and the infinities are refused and echoed as null",
        arguments: ["NaN", "Infinity", "-Infinity", "1e400", "-1e400"])
    func notFinite(_ json: String) {
        let expected = Self.refusal("finite_number", Self.finite, "null")
        #expect(Outcome(Double.schema, json) == expected)
        #expect(Outcome(Int.schema, json) == expected)
    }

    @Test(
        "their names as text are refused and echoed as text", arguments: ["nan", "inf", "-Infinity", "1e400"])
    func notFiniteText(_ text: String) {
        #expect(
            Outcome(Double.schema, "\"\(text)\"")
                == Self.refusal("finite_number", Self.finite, "\"\(text)\""))
    }

    @Test(
        "lone surrogates are refused and echoed as escapes",
        arguments: [
            (#""\ud800""#, #""\ud800""#), (#""a\udfffz""#, #""a\udfffz""#),
            (#""\udc00\ud83d""#, #""\udc00\ud83d""#), (#""\ud83d\u0041\n""#, #""\ud83dA\n""#),
        ])
    func loneSurrogates(_ json: String, _ echo: String) {
        let expected = Self.refusal("string_unicode", Self.unicode, echo)
        #expect(Outcome(String.schema, json) == expected)
        #expect(Outcome(Int.schema, json) == expected)
        #expect(Outcome(Double.schema, json) == expected)
        #expect(Outcome(Bool.schema, json) == expected)
        #expect(Outcome(Timestamp.schema, json) == expected)
        #expect(Outcome(UniqueID.schema, json) == expected)
    }

    @Test("none of these matters in a member that nobody asked for")
    func ignoredMembers() {
        let body = #"{"name":"x","a":NaN,"b":"\ud800","c":1e400,"d":123456789012345678901234567890}"#
        #expect(Outcome(Dog.schema, body) == .accepted(#"{"name":"x"}"#))
    }

    @Test(
        "keys of a table that differ in their normalization alone are refused rather than one of them lost",
        arguments: [
            (#"{"caf\u00e9":1,"cafe\u0301":2}"#, "cafe\u{301}"), ("{\"K\":1,\"\u{212A}\":2}", "\u{212A}"),
            ("{\"\u{E9}\":1,\"x\":1,\"e\u{301}\":2}", "e\u{301}"),
        ])
    func equivalentKeys(_ json: String, _ key: String) {
        let issue = #"[{"type":"equivalent_keys","loc":["body","\#(key)"],"#
        #expect(
            Outcome([String: Int].schema, json)
                == .refused(
                    issue
                        + #""msg":"Keys should differ in more than their Unicode normalization","input":2}]"#)
        )
        #expect(Outcome([String: Int?].schema, json.replacing("1", with: "null")) != .accepted("{}"))
        guard case .accepted(let whole) = Outcome(JSONValue.schema, json) else {
            Issue.record("refused")
            return
        }
        #expect(whole.utf8.count(where: { $0 == UInt8(ascii: ":") }) == json.utf8.count(where: { $0 == 58 }))
    }

    @Test("of a key of a table that comes again the last value counts, as in Python")
    func repeatedKeys() {
        #expect(Outcome([String: Int].schema, #"{"a":1,"b":2,"a":3}"#) == .accepted(#"{"a":3,"b":2}"#))
    }

    @Test("narrow integers keep to their width")
    func widths() {
        #expect(Outcome(UInt8.schema, "255") == .accepted("255"))
        #expect(
            Outcome(UInt8.schema, "256")
                == .refused(
                    #"[{"type":"less_than_equal","loc":["body"],"msg":"#
                        + #""Input should be less than or equal to 255","input":256,"ctx":{"le":255}}]"#))
        #expect(Outcome(Int16.schema, "-32768") == .accepted("-32768"))
        #expect(Outcome(Int64.schema, "9223372036854775807") == .accepted("9223372036854775807"))
        #expect(
            Outcome(UInt64.schema, "9223372036854775808")
                == Self.refusal("int_parsing_size", Self.size, "9223372036854775808"))
    }
}
