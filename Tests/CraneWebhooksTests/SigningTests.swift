import Crane
import CraneTesting
import Testing

@testable import CraneWebhooks

@Suite("Webhooks' signatures")
struct SigningTests {
    private let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private let body = Array(#"{"test": 2432232314}"#.utf8)
    private let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    @Test("are those of Standard Webhooks' example")
    func example() {
        #expect(secret?.signature(id: id, timestamp: "1614265330", body: body) == good)
    }

    @Test("are made with secrets of 24 to 64 bytes, which descriptions hide")
    func secrets() throws {
        let random = WebhookSecret.random()
        #expect(WebhookSecret(random.text) == random)
        #expect(random != .random())
        #expect(random.text.utf8.count == "whsec_".utf8.count + 44)
        #expect(!"\(random)".contains(random.text.dropFirst(6).prefix(6)))
        let zeros = { (count: Int) in "whsec_" + String(repeating: "A", count: count) }
        #expect(WebhookSecret(zeros(32)) != nil)
        #expect(WebhookSecret(zeros(86) + "==") != nil)
        for text in [
            "", "whsec_", zeros(28), zeros(87) + "=", zeros(33), "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            zeros(31) + "!",
        ] {
            #expect(WebhookSecret(text) == nil, "\(text)")
        }
    }

    private func verified(
        _ input: SignedWebhook, id: String? = nil, timestamp: String? = "1614265330",
        signatures: String? = nil, at now: Int = 1_614_265_330
    ) throws -> Webhook {
        try input.verified(
            id: id ?? self.id, timestamp: timestamp, signatures: signatures ?? good, body: body, at: now)
    }

    @Test("are believed where one of them is of one of the receiver's secrets, and the time is near")
    func verification() throws {
        let secret = try #require(secret)
        let input = SignedWebhook(secret)
        let webhook = try verified(input)
        #expect((webhook.id, webhook.timestamp) == (id, 1_614_265_330))
        #expect(try webhook.json() == ["test": 2_432_232_314])
        _ = try verified(input, signatures: "v1a,AAAA v1,AAAA \(good)")
        _ = try verified(SignedWebhook(.random(), secret))
        _ = try verified(input, at: 1_614_265_330 + 300)
        _ = try verified(input, at: 1_614_265_330 - 300)
        func refusal(_ body: () throws -> Webhook) -> String? {
            #expect(throws: HTTPError.self) { try body() }.map { "\($0.detail)" }
        }
        let wrong = "The webhook's signature is not right"
        #expect(refusal { try verified(SignedWebhook(.random())) } == wrong)
        #expect(refusal { try verified(input, id: "other") } == wrong)
        #expect(refusal { try verified(input, timestamp: "1614265331") } == wrong)
        #expect(refusal { try verified(input, signatures: "") } == wrong)
        #expect(refusal { try verified(input, signatures: String(good.dropLast())) } == wrong)
        let late = "The webhook's time is too far from now"
        #expect(refusal { try verified(input, at: 1_614_265_330 + 301) } == late)
        #expect(refusal { try verified(input, at: 1_614_265_330 - 301) } == late)
        for timestamp in [nil, "", "now", "99999999999999999999"] {
            #expect(
                refusal { try verified(input, timestamp: timestamp) }
                    == "webhook-id, webhook-timestamp and webhook-signature are needed")
        }
        // What was signed can say any time.
        for timestamp in ["\(Int.min)", "\(Int.max)"] {
            let signature = secret.signature(id: id, timestamp: timestamp, body: body)
            #expect(refusal { try verified(input, timestamp: timestamp, signatures: signature) } == late)
        }
    }

    @Test("are checked before a route's handler sees the message")
    func route() async throws {
        let secret = WebhookSecret.random()
        var app = App(title: "Receiver")
        app.post("/hooks", SignedWebhook(secret, upTo: 64)) { webhook in try webhook.json() }
        let client = TestClient(app)
        let refused = try await client.post("/hooks", json: ["a": 1])
        #expect(refused.status == .badRequest)
        let timestamp = "\(Timestamp.now.microseconds / 1_000_000)"
        func post(_ text: String) async throws -> TestResponse {
            let body = Array(text.utf8)
            return try await client.send(
                TestRequest(
                    .post, "/hooks",
                    headers: [
                        .webhookID: "1", .webhookTimestamp: timestamp,
                        .webhookSignature: secret.signature(id: "1", timestamp: timestamp, body: body),
                    ], body: body))
        }
        #expect(try await post(#"{"a":1}"#).json() == ["a": 1])
        #expect(try await post(String(repeating: "x", count: 65)).status == .contentTooLarge)
    }

    @Test("go to URLs of HTTP, whose paths are told nobody")
    func endpoints() throws {
        let text =
            "https://hooks.example:8443/services/T0/secret?key=1#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let endpoint = try #require(WebhookEndpoint(text))
        #expect(endpoint.url == "https://hooks.example:8443/services/T0/secret?key=1")
        #expect(endpoint.secret == secret)
        // sha256sum(1) of the URL.
        #expect(endpoint.name == "https://hooks.example:8443#e1df1b12")
        #expect(endpoint.description.hasPrefix(endpoint.name + " whsec_*** ("))
        let key = "#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        for text in [
            "", key, "https://" + key, "ftp://host/" + key, "host/" + key, "https://user@host/" + key,
            "https://a b/" + key, "https://hö/" + key, "https://host/", "https://host/#whsec_short",
            "https://host/\(key)#", "https://host/\n" + key,
        ] {
            #expect(WebhookEndpoint(text) == nil, "\(text)")
        }
    }
}
