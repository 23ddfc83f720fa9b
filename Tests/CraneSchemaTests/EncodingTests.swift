import CraneSchema
import Testing

@Suite("Encodings of a body")
struct EncodingTests {
    static let json = #"{"name":"é😀"}"#

    static func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return bigEndian ? bytes : bytes.reversed()
        }
    }

    static func utf32(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar in
            let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: scalar.value >> UInt32($0)) }
            return bigEndian ? bytes : bytes.reversed()
        }
    }

    static let encoded: [[UInt8]] = [
        Array(json.utf8), [0xEF, 0xBB, 0xBF] + Array(json.utf8),
        utf16(json, bigEndian: true), utf16(json, bigEndian: false),
        [0xFE, 0xFF] + utf16(json, bigEndian: true), [0xFF, 0xFE] + utf16(json, bigEndian: false),
        utf32(json, bigEndian: true), utf32(json, bigEndian: false),
        [0, 0, 0xFE, 0xFF] + utf32(json, bigEndian: true),
        [0xFF, 0xFE, 0, 0] + utf32(json, bigEndian: false),
    ]

    @Test("are guessed as Python guesses them", arguments: encoded)
    func guessed(_ bytes: [UInt8]) {
        #expect(Outcome(Dog.schema, bytes) == .accepted(#"{"name":"é😀"}"#))
    }

    @Test("two bytes are enough to tell UTF-16")
    func shortUTF16() {
        #expect(Outcome(Int.schema, [0, 0x37]) == .accepted("7"))
        #expect(Outcome(Int.schema, [0x37, 0]) == .accepted("7"))
    }

    @Test("offsets of errors count code points whatever the encoding", arguments: [true, false])
    func offsets(_ bigEndian: Bool) {
        let broken = #"["é😀" 1]"#
        let expected = Outcome.refused(
            #"[{"type":"json_invalid","loc":["body",6],"msg":"JSON decode error","input":{},"#
                + #""ctx":{"error":"Expecting ',' delimiter"}}]"#)
        #expect(Outcome(JSONValue.schema, broken) == expected)
        #expect(Outcome(JSONValue.schema, Self.utf16(broken, bigEndian: bigEndian)) == expected)
        #expect(Outcome(JSONValue.schema, Self.utf32(broken, bigEndian: bigEndian)) == expected)
        #expect(Outcome(JSONValue.schema, [0xEF, 0xBB, 0xBF] + Array(broken.utf8)) == expected)
    }

    static let illFormed: [[UInt8]] = [
        [0x22, 0x80, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xC1, 0xBF, 0x22],
        [0x22, 0xE0, 0x80, 0xAF, 0x22],
        [0x22, 0xE2, 0x82, 0x22], [0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
        [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xFF, 0x22], [0x22, 0xC3], [0xC3, 0x28],
        [0xFE, 0xFF, 0], [0, 0, 0xFE, 0xFF, 0, 0, 0], [0, 0, 0xFE, 0xFF, 0, 0x11, 0, 0],
    ]

    @Test("bytes that are no text are unreadable, wherever they stand", arguments: illFormed)
    func unreadable(_ bytes: [UInt8]) {
        #expect(Outcome(String.schema, bytes) == .unreadable)
        guard bytes.first == 0x22 else { return }
        let member = Array(#"{"name":"x","more":["#.utf8) + bytes + Array("]}".utf8)
        #expect(Outcome(Dog.schema, member) == .unreadable)
    }

    @Test("surrogates written out in UTF-8 are lone surrogates")
    func surrogatesInUTF8() {
        let expected = DecidedDifferenceTests.refusal(
            "string_unicode", DecidedDifferenceTests.unicode, #""\ud83d\ude00""#)
        #expect(Outcome(String.schema, [0x22, 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80, 0x22]) == expected)
    }
}
