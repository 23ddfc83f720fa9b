import CraneSystem
import Testing

@Suite("ASCII text")
struct ASCIITextTests {
    @Test(
        "is cut at bytes, whatever mark follows a delimiter",
        arguments: [
            "\u{301}", "\u{FE0F}", "\u{200D}", "\u{93F}", "\u{E33}", "\u{1F3FB}", "\u{600}", "\u{6DD}",
        ])
    func cuts(_ mark: String) {
        #expect("a,\(mark)b,".pieces(at: ",").map(String.init) == ["a", mark + "b", ""])
        #expect("a=\(mark)b=c".halves(at: "=")?.behind.isSpelt(mark + "b=c") == true)
        #expect(" \t\(mark) \(mark) \t".withoutBlanks.isSpelt("\(mark) \(mark)"))
        #expect("\"\(mark)\"".withinQuotes?.isSpelt(mark) == true)
        #expect("W/\(mark)".begins(with: "W/"))
    }

    @Test("is equal where its bytes are")
    func equality() {
        #expect(!"\u{37E}".isSpelt(";") && !"\u{212A}".isSpelt("K") && !"e\u{301}".isSpelt("\u{E9}"))
        #expect(!"websoc\u{212A}et".isSpeltWithoutCase("websocket"))
        #expect("WebSocKet".isSpeltWithoutCase("websocket"))
        #expect("\u{212A}ÀK".loweredASCII.isSpelt("\u{212A}Àk"))
        #expect("a\u{37E}b".pieces(at: ";").count == 1)
        #expect("".withoutBlanks.isEmpty && " ".withoutBlanks.isEmpty && "\"".withinQuotes == nil)
        #expect("\"\"".withinQuotes?.isEmpty == true)
    }
}
