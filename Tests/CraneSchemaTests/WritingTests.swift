import CraneSchema
import Testing

@Suite("Writing JSON")
struct WritingTests {
    static func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(capacity: 1)
        body(&writer)
        return writer.text
    }

    /// What Python's `json.dumps(..., ensure_ascii=False)` gives.
    static let strings: [(String, String)] = [
        ("", #""""#), ("plain", #""plain""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#),
        ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#), ("\u{0}\u{1}\u{1F}", #""\u0000\u0001\u001f""#),
        ("\u{B}\u{1B}", #""\u000b\u001b""#), ("é€😀", #""é€😀""#), ("\u{2028}", "\"\u{2028}\""),
        ("12345678\"12345678\\", #""12345678\"12345678\\""#), ("1234567\n", #""1234567\n""#),
    ]

    @Test("strings escape what JSON asks for and nothing else", arguments: strings)
    func escapes(_ value: String, _ expected: String) {
        #expect(Self.written { $0.string(value) } == expected)
    }

    @Test(
        "whole numbers are written in full",
        arguments: [
            0, 1, -1, 9, 10, 99, 100, 999_999_999, 1_000_000_000, Int.max, Int.min, 1_000_000_000_000_000_000,
        ])
    func integers(_ value: Int) {
        #expect(Self.written { $0.integer(value) } == String(value))
    }

    @Test("every width of whole numbers is written in full")
    func widths() {
        #expect(Self.written { $0.integer(UInt64.max) } == "18446744073709551615")
        #expect(Self.written { $0.integer(10_000_000_000_000_000_000 as UInt64) } == "10000000000000000000")
        #expect(Self.written { $0.integer(Int8.min) } == "-128")
        #expect(
            Self.written { $0.integer(Int128.max) } == "170141183460469231731687303715884105727")
    }

    /// What Python's `repr` gives.
    static let numbers: [(Double, String)] = [
        (0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (0.1, "0.1"), (1e15, "1000000000000000.0"),
        (9_007_199_254_740_992, "9007199254740992.0"), (-9_405_600_683_854_826, "-9405600683854826.0"),
        (9_999_999_999_999_998, "9999999999999998.0"), (1e16, "1e+16"), (1.5e300, "1.5e+300"),
        (0.0001, "0.0001"), (0.00001, "1e-05"), (Double.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (.nan, "null"), (.infinity, "null"),
    ]

    @Test("numbers are spelled as Python spells them", arguments: numbers)
    func doubles(_ value: Double, _ expected: String) {
        #expect(Self.written { $0.double(value) } == expected)
    }

    @Test("a writer grows as far as it must and can be used again")
    func growth() {
        var writer = JSONWriter(capacity: 0)
        for index in 0..<10_000 { writer.string("\(index)\n") }
        let long = writer.count
        #expect(writer.text.hasSuffix(#""9999\n""#))
        writer.removeAll()
        writer.bool(true)
        writer.null()
        #expect(writer.text == "truenull")
        #expect(long > 60_000)
        #expect(writer.count == 8)
    }

    @Test("trees are written in the order of their members")
    func trees() {
        let tree: JSONValue = ["b": [1, 2.5, nil, true, "é"], "a": [:], "c": []]
        #expect(tree.json == #"{"b":[1,2.5,null,true,"é"],"a":{},"c":[]}"#)
        #expect(tree["b"]?.json == #"[1,2.5,null,true,"é"]"#)
        #expect(tree["x"]?.json == nil)
    }

    @Test("text is escaped wherever it stands in a string of any length", arguments: 0...40)
    func positions(length: Int) {
        let plain = String(repeating: "x", count: length)
        #expect(written(plain) == "\"\(plain)\"")
        for position in 0..<length {
            for (part, escaped) in [
                ("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("\u{1}", "\\u0001"), ("é", "é"),
            ] {
                let end = String(repeating: "y", count: length - position - 1)
                let start = plain.prefix(position)
                #expect(written(start + part + end) == "\"\(start)\(escaped)\(end)\"")
                #expect(written(start + part + part + end) == "\"\(start)\(escaped)\(escaped)\(end)\"")
            }
        }
    }

    private func written(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        var borrowed = JSONWriter()
        borrowed.string(Array(text.utf8).span)
        #expect(borrowed.text == writer.text)
        return writer.text
    }

    @Test("borrowed bytes that are not UTF-8 are replaced, and what was written before them stays")
    func repaired() {
        var writer = JSONWriter(capacity: 64)
        writer.byte(UInt8(ascii: "["))
        writer.string([0x61, 0x22, 0xC3, 0x28, 0xFF].span)
        writer.byte(UInt8(ascii: ","))
        writer.string([0x0A, 0xED, 0xA0, 0x80].span)
        #expect(writer.text == "[\"a\\\"\u{FFFD}(\u{FFFD}\",\"\\n\u{FFFD}\u{FFFD}\u{FFFD}\"")
    }

    @Test("an object is written from its parts as from its value, with names of any length")
    func parts() {
        struct Named: Sendable {
            let short: Int
            let long: String
        }
        let name = String(repeating: "long\"", count: 20)
        let schema = Object(Named.init) {
            Field("s", \.short)
            Field(name, \.long)
        }
        var whole = JSONWriter()
        schema.write(Named(short: -1, long: "x"), to: &whole)
        var parts = JSONWriter()
        parts.opening(schema.openings, at: 0)
        parts.integer(-1)
        parts.opening(schema.openings, at: 1)
        parts.string("x")
        parts.byte(UInt8(ascii: "}"))
        #expect(parts.text == whole.text)
    }
}
