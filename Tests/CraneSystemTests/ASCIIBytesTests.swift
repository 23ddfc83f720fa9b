import CraneSystem
import Testing

@Suite("ASCII bytes")
struct ASCIIBytesTests {
    @Test("hexadecimal digits have their values, and no other byte has one")
    func hexadecimal() {
        for byte in UInt8.min...UInt8.max {
            let text = Unicode.Scalar(byte)
            #expect(byte.hexValue == (text.isASCII ? UInt8(String(text), radix: 16) : nil))
        }
        #expect((0..<16).map { UInt8($0).hexDigit } == Array("0123456789abcdef".utf8))
        #expect(UInt8(0xA7).hexDigit == UInt8(ascii: "7"))
    }

    @Test("only ASCII letters fold")
    func folding() {
        for byte in UInt8.min...UInt8.max {
            let isUpper = (65...90).contains(byte)
            #expect(byte.loweredASCII == (isUpper ? byte + 32 : byte))
        }
    }

    @Test("blanks go from both ends", arguments: ["", " ", "\t ", "a", " a", "a\t", " \ta b \t", "\u{B}a"])
    func blanks(_ text: String) {
        let expected = text.withoutBlanks
        let trimmed = text.utf8.span.withoutBlanks.array
        #expect(trimmed == Array(expected.utf8))
    }

    private func equals(_ text: String, _ lowered: String) -> Bool {
        equals(Array(text.utf8), Array(lowered.utf8))
    }

    private func equals(_ text: [UInt8], _ lowered: [UInt8]) -> Bool {
        text.span.equals(lowered: lowered.span)
    }

    @Test("bytes equal a lowered name in whichever case")
    func equality() {
        #expect(equals("HoSt", "host") && equals("", ""))
        #expect(!equals("host", "hosts") && !equals("hos", "host") && !equals("@", "`"))
    }

    @Test("each byte at each place is told from every other, whatever the length", arguments: 1...19)
    func equality(ofLength length: Int) {
        let lowered = Array("sec-websocket-key~@{".utf8.prefix(length))
        for place in 0..<length {
            for byte in UInt8.min...UInt8.max {
                var text = lowered
                text[place] = byte
                #expect(equals(text, lowered) == (byte.loweredASCII == lowered[place]))
            }
        }
        #expect(equals(Array(String(decoding: lowered, as: UTF8.self).uppercased().utf8), lowered))
    }

    @Test(
        "what is no letter has no case",
        arguments: [
            ("^^^^", "~~~~"), ("[[[[[[[[[", "{{{{{{{{{"), ("@@@@", "````"), ("\u{0}\u{0}\u{0}\u{0}", "    "),
        ])
    func noCase(_ text: String, _ lowered: String) {
        #expect(!equals(text, lowered))
    }

    @Test("white space is Unicode's")
    func whiteSpace() {
        #expect("\u{A0}\n a b\u{2003}".withoutWhiteSpace == "a b" && "\u{3000} ".withoutWhiteSpace.isEmpty)
    }
}
