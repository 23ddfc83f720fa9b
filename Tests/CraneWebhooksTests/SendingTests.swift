import Crane
import CraneClient
import CraneJobs
import CraneTesting
import HTTPTypes
import TestSupport
import Testing

@testable import CraneWebhooks

@Suite("Webhooks that are sent", .timeLimit(.minutes(1)))
struct SendingTests {
    /// Sends one message to what answers so at `/hook`, and gives the failure.
    private func failure(
        of answer: @escaping @Sendable (String) -> Response
    ) async throws -> (failure: (any Error)?, sender: WebhookSender, requests: [String]) {
        let journal = Journal<String>()
        var app = App(title: "Receiver")
        for path in ["/hook", "/elsewhere"] {
            app.post(path, RequestInput()) { request in
                journal.note(request.target)
                return answer(request.target)
            }
        }
        let transport = try LiveTransport(app.build())
        let (sender, name) = try sender(port: Int(transport.port))
        var failure: (any Error)?
        do { try await sender.send(.json("{}"), id: "1", to: name) } catch let error { failure = error }
        try await transport.close()
        return (failure, sender, journal.entries)
    }

    private static func response(
        _ status: HTTPResponse.Status, _ headers: HTTPFields
    ) -> Response {
        var response = Response.text("", status: status)
        response.headers = headers
        return response
    }

    private func sender(
        port: Int, _ change: (inout HTTPClientConfiguration) -> Void = { _ in }
    ) throws -> (WebhookSender, name: String) {
        let endpoint = try #require(
            WebhookEndpoint(url: "http://127.0.0.1:\(port)/hook", secret: .random()))
        var configuration = HTTPClientConfiguration()
        configuration.addresses = try AllowedAddresses(publicAnd: ["127.0.0.0/8"])
        change(&configuration)
        return (WebhookSender([endpoint], client: HTTPClient(configuration)), endpoint.name)
    }

    private func code(of failure: (any Error)?) -> HTTPClientError.Code? {
        (failure as? HTTPClientError)?.code
    }

    @Test("are signed, and have their id")
    func signed() async throws {
        let secret = WebhookSecret.random()
        let journal = Journal<Webhook>()
        var app = App(title: "Receiver")
        app.post("/hook", SignedWebhook(secret)) { webhook in journal.note(webhook) }
        let transport = try LiveTransport(app.build())
        let endpoint = try #require(
            WebhookEndpoint(url: "http://127.0.0.1:\(transport.port)/hook", secret: secret))
        let sender = WebhookSender([endpoint], addresses: try AllowedAddresses(publicAnd: ["127.0.0.1"]))
        try await sender.send(.json(["text": "ö"]), id: "a-1-2", to: endpoint.name)
        try await transport.close()
        #expect(journal.entries.map(\.id) == ["a-1-2"])
        #expect(try journal.entries.first?.json() == ["text": "ö"])
    }

    @Test("are sent again after statuses that are none of the 200s, when the receiver says so if it does")
    func statuses() async throws {
        #expect(try await failure { _ in .text("", status: .accepted) }.failure == nil)
        for status in [HTTPResponse.Status.internalServerError, .badRequest, .tooManyRequests] {
            #expect(
                code(of: try await failure { _ in .text("no", status: status) }.failure) == .unexpectedStatus)
        }
        let busy = try await failure { _ in
            Self.response(.serviceUnavailable, [.retryAfter: "120"])
        }
        guard case JobFailure.again(let pause, let reason)? = busy.failure else {
            Issue.record("\(String(describing: busy.failure))")
            return
        }
        #expect(pause == .seconds(120))
        #expect(reason == "\(busy.sender.endpoints[0].name) answered 503, Retry-After: 120")
        let long = try await failure { _ in
            Self.response(.tooManyRequests, [.retryAfter: "999999999"])
        }
        #expect(
            long.failure as? JobFailure
                == .again(
                    after: .seconds(21_600),
                    "\(long.sender.endpoints[0].name) answered 429, Retry-After: 21600"))
    }

    @Test("are not sent where a redirect leads")
    func redirects() async throws {
        let sent = try await failure { _ in
            Self.response(.temporaryRedirect, [.location: "/elsewhere"])
        }
        #expect(code(of: sent.failure) == .unexpectedStatus)
        #expect(sent.requests == ["/hook"])
    }

    @Test("go to a receiver that answers 410 no more")
    func gone() async throws {
        let sent = try await failure { _ in .text("", status: .gone) }
        guard case JobFailure.giveUp(let reason)? = sent.failure else {
            Issue.record("\(String(describing: sent.failure))")
            return
        }
        #expect(reason.hasSuffix("has answered 410 Gone: it is sent nothing more until the next start"))
        #expect(sent.sender.endpoints.isEmpty)
        #expect(sent.requests.count == 1)
    }

    @Test("read no more of a response than is allowed")
    func hugeResponses() async throws {
        let sent = try await failure { _ in .text(String(repeating: "x", count: 2 << 20)) }
        #expect(code(of: sent.failure) == .responseTooLarge)
    }

    @Test("wait for a slow receiver no longer than is allowed")
    func slow() async throws {
        let upstream = try RawUpstream { connection in
            connection.readHead()
            // Until the client goes.
            connection.readHead()
        }
        let (sender, name) = try sender(port: upstream.port) { $0.timeout = .milliseconds(50) }
        let failure = await #expect(throws: HTTPClientError.self) {
            try await sender.send(.json("{}"), id: "1", to: name)
        }
        #expect(failure?.code == .timedOut)
    }

    @Test("fail where nobody listens, and go to no address that is not public")
    func refused() async throws {
        let transport = try LiveTransport(App(title: "Receiver").build())
        let port = Int(transport.port)
        try await transport.close()
        let (closed, name) = try sender(port: port)
        let failure = await #expect(throws: HTTPClientError.self) {
            try await closed.send(.json("{}"), id: "1", to: name)
        }
        #expect(failure?.code == .couldNotConnect)
        let sender = WebhookSender(closed.endpoints)
        let refused = await #expect(throws: HTTPClientError.self) {
            try await sender.send(.json("{}"), id: "1", to: name)
        }
        #expect(refused?.code == .addressRefused)
        await #expect(throws: JobFailure.giveUp("https://other#00000000 is no endpoint any more")) {
            try await closed.send(.json("{}"), id: "1", to: "https://other#00000000")
        }
    }
}
