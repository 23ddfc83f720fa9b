import CraneHTTP
import Testing

@Suite("Percent-encoding")
struct PercentEncodingTests {
    @Test("keeps unreserved characters and those asked for, and nothing else")
    func characters() {
        let unreserved = "abcXYZ0189-._~"
        #expect(unreserved.percentEncoded() == unreserved)
        #expect("a/b?c=d é\u{0}%".percentEncoded() == "a%2Fb%3Fc%3Dd%20%C3%A9%00%25")
        #expect("/a b?c=%41#é".percentEncoded(keeping: "/?=%#") == "/a%20b?c=%41#%C3%A9")
        #expect("".percentEncoded() == "")
    }
}
