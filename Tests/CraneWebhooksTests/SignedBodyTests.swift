import Crane
import CraneTesting
import CraneWebhooks
import Testing

private struct Push: SchemaRepresentable {
    let ref: String
    static let schema = Object(Push.init) { Field("ref", \.ref) }
}

@Suite("Bodies signed in a field of the sender's own")
struct SignedBodyTests {
    private static let github = SignedBody(
        "X-Hub-Signature-256", "sha256=", secret: "It's a Secret to Everybody", "an older one")

    private func post(_ text: String, _ signature: String?) async throws -> TestResponse {
        var app = App()
        app.post("/hook", Self.github) { message in try message.decoded(as: Push.self) }
        var headers = HTTPFields()
        if let signature { headers[try #require(HTTPField.Name("X-Hub-Signature-256"))] = signature }
        return try await TestClient(app).send(
            TestRequest(.post, "/hook", headers: headers, body: Array(text.utf8)))
    }

    @Test("have the signature that GitHub documents")
    func example() {
        #expect(
            Self.github.signature(of: Array("Hello, World!".utf8))
                == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    }

    @Test("are given where one of the secrets has signed, whatever the case of the digits")
    func believed() async throws {
        let body = #"{"ref":"main"}"#
        let signature = Self.github.signature(of: Array(body.utf8))
        #expect(try await post(body, signature).json() == ["ref": "main"])
        #expect(try await post(body, "sha256=" + signature.dropFirst(7).uppercased()).status == .ok)
        let older = SignedBody("X-Hub-Signature-256", "sha256=", secret: "an older one")
        #expect(try await post(body, older.signature(of: Array(body.utf8))).status == .ok)
        for wrong in [nil, "", "sha256=", String(signature.dropFirst(7)), signature + "0", "sha1=00"] {
            #expect(try await post(body, wrong).status == .unauthorized, "\(wrong ?? "none")")
        }
        #expect(try await post(body + " ", signature).status == .unauthorized)
    }

    @Test("are answered as a Body is where they do not fit")
    func unfit() async throws {
        for (body, status) in [("{}", 422), ("{", 422)] {
            #expect(try await post(body, Self.github.signature(of: Array(body.utf8))).status.code == status)
        }
    }

    @Test("may be signed in Base64, without a prefix")
    func base64() throws {
        let input = SignedBody("X-Shopify-Hmac-SHA256", secret: "hush", as: .base64)
        let body = Array("{}".utf8)
        let signature = input.signature(of: body)
        #expect(signature.utf8.count == 44)
        try input.verify(signature, of: body)
        #expect(throws: HTTPError.self) { try input.verify(signature.lowercased(), of: body) }
    }

    @Test("are bodies in the document, with their media type")
    func documented() async throws {
        var app = App()
        app.post("/hook", Self.github) { message in try message.json() }
        app.post("/form", SignedBody("X-Signature", secret: "hush", of: "application/x-www-form-urlencoded"))
        {
            message in ["bytes": message.body.count]
        }
        app.post("/webhook", SignedWebhook(.random())) { webhook in try webhook.json() }
        let paths = try await TestClient(app).get("/openapi.json").json()["paths"]
        func body(_ path: String) -> JSONValue? { paths?[path]?["post"]?["requestBody"] }
        #expect(
            body("/hook") == [
                "required": true,
                "content": [
                    "application/json": ["schema": ["description": "Signed in `X-Hub-Signature-256`"]]
                ],
            ])
        #expect(
            body("/form")?["content"] == [
                "application/x-www-form-urlencoded": [
                    "schema": [
                        "type": "string", "format": "binary", "description": "Signed in `X-Signature`",
                    ]
                ]
            ])
        #expect(
            body("/webhook")?["content"] == [
                "application/json": [
                    "schema": ["description": "Signed in `webhook-signature`, as Standard Webhooks says"]
                ]
            ])
    }
}
