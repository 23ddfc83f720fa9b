import Crane
import Testing

@Suite("Changes of the own site")
struct CSRFTests {
    private static let app: AppResponder = {
        var app = App()
        app.get("/") { _, _ in .text("read") }
        app.post("/") { _, _ in .text("changed") }
        app.middleware = [CSRF()]
        return app.build()
    }()

    @Test(
        "are let through, and those that another site's page sends are not",
        arguments: [
            ([("sec-fetch-site", "same-origin")], true), ([("sec-fetch-site", "none")], true),
            ([("sec-fetch-site", "cross-site")], false), ([("sec-fetch-site", "same-site")], false),
            // What the browser says of the page goes before where it is.
            ([("sec-fetch-site", "cross-site"), ("origin", "http://testserver")], false),
            ([("origin", "http://testserver")], true), ([("origin", "https://testserver:443")], true),
            ([("origin", "http://evil.example")], false),
            ([("origin", "http://testserver.evil.example")], false),
            ([("origin", "null")], false), ([], true),
        ])
    func writes(fields: [(String, String)], isAllowed: Bool) async throws {
        var call = Call("POST", "/")
        call.headers = fields
        let answer = try await Self.app.answer(call)
        #expect(answer.status == (isAllowed ? .ok : .forbidden))
        if !isAllowed { #expect(answer.text == #"{"detail":"Sent by another site"}"#) }
        call.method = "GET"
        #expect(try await Self.app.answer(call).text == "read")
    }

    @Test("are let through from the pages of origins that are trusted, and of no others")
    func trusted() async throws {
        var app = App()
        app.post("/") { _, _ in .text("changed") }
        app.middleware = [CSRF(trustedOrigins: ["https://admin.example"])]
        let responder = app.build()
        for (origin, isAllowed) in [
            ("https://admin.example", true), ("https://admin.example:443", true),
            ("http://admin.example", false),
            ("https://evil.example", false), ("null", false),
        ] {
            let response = try await responder.answer(
                "POST", "/", ("sec-fetch-site", "cross-site"), ("origin", origin))
            #expect(response.status == (isAllowed ? .ok : .forbidden), "\(origin)")
        }
    }
}
