import CraneHTTP
import Testing

@Suite("The agreement on compression")
struct DeflateAgreementTests {
    @Test(
        "is the first offer that can be, with windows of 4 KiB at most",
        arguments: [
            ("permessage-deflate", "; client_no_context_takeover; server_max_window_bits=12"),
            (
                "permessage-deflate; client_max_window_bits",
                "; server_max_window_bits=12; client_max_window_bits=12"
            ),
            (
                "permessage-deflate; client_max_window_bits=10",
                "; server_max_window_bits=12; client_max_window_bits=10"
            ),
            (
                "permessage-deflate; client_max_window_bits=15; server_max_window_bits=9",
                "; server_max_window_bits=9; client_max_window_bits=12"
            ),
            (
                "permessage-deflate; server_no_context_takeover; client_max_window_bits",
                "; server_no_context_takeover; server_max_window_bits=12; client_max_window_bits=12"
            ),
            (
                "permessage-deflate; client_no_context_takeover; client_max_window_bits",
                "; client_no_context_takeover; server_max_window_bits=12; client_max_window_bits=12"
            ),
            (
                "permessage-deflate; server_max_window_bits=\"10\"; client_max_window_bits",
                "; server_max_window_bits=10; client_max_window_bits=12"
            ),
            (
                "permessage-deflate;server_max_window_bits=8;client_max_window_bits=8",
                "; server_max_window_bits=8; client_max_window_bits=8"
            ),
            (
                "x-foo, permessage-deflate; server_max_window_bits=16, permessage-deflate; client_max_window_bits",
                "; server_max_window_bits=12; client_max_window_bits=12"
            ),
        ])
    func agreed(_ offer: String, _ answer: String) throws {
        let offers = try #require(ExtensionOffer.parse(offer))
        #expect(DeflateAgreement(offers)?.fieldValue == "permessage-deflate" + answer)
    }

    @Test(
        "is none for offers that are wrong",
        arguments: [
            "", "x-webkit-deflate-frame", "permessage-deflate; foo", "permessage-deflate; foo=1",
            "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16", "permessage-deflate; server_max_window_bits=08",
            "permessage-deflate; client_max_window_bits=x",
            "permessage-deflate; client_max_window_bits=99999999999999999999",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_max_window_bits; client_max_window_bits",
        ])
    func declined(_ offer: String) throws {
        let offers = try #require(ExtensionOffer.parse(offer))
        #expect(DeflateAgreement(offers) == nil)
    }

    @Test(
        "is not looked for in what the grammar does not allow",
        arguments: ["a;", "a; b=", "a; =b", "a b", "a; b=\"c d\"", "a; b=\"c", ";", "a;;b"])
    func grammar(_ value: String) {
        #expect(ExtensionOffer.parse(value) == nil)
    }
}
