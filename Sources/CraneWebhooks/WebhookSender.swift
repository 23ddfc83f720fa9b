import Crane
public import CraneClient
public import CraneJobs
import CraneSystem
import HTTPTypes
import Synchronization

/// Sends signed messages to other servers, each in a job's attempt: see ``send(_:id:to:)``.
///
/// ```swift
/// let notify = jobs.task(
///     "webhook", input: Notice.self, attempts: WebhookSender.attempts, timeout: .seconds(30), backOff: WebhookSender.backOff,
///     limit: JobLimit(4) { $0.endpoint }
/// ) { notice, _ in
///     try await webhooks.send(.json(notice.order), id: notice.id, to: notice.endpoint)
/// }
/// ```
public final class WebhookSender: Sendable {
    /// How often a message is sent before its job is dead: about two days with ``backOff``.
    public static let attempts = 20
    /// From five seconds to six hours.
    public static let backOff = JobBackOff(first: .seconds(5), maximum: .seconds(6 * 3600))
    /// How long a receiver's `Retry-After` may have it wait.
    private static let longestPause = 6 * 3600

    private let all: [WebhookEndpoint]
    private let client: HTTPClient
    /// The names of those that have answered 410.
    private let gone = Mutex<Set<String>>([])

    /// Sends by a client of its own: 15 seconds for each message, 64 KiB of a response at most, no redirects.
    ///
    /// - Parameters:
    ///   - endpoints: where messages go.
    ///   - addresses: what may be connected to.
    public convenience init(_ endpoints: [WebhookEndpoint], addresses: AllowedAddresses = .publicOnly) {
        var configuration = HTTPClientConfiguration()
        configuration.timeout = .seconds(15)
        configuration.maximumResponseSize = 64 << 10
        configuration.addresses = addresses
        self.init(endpoints, client: HTTPClient(configuration))
    }

    /// Sends by this client.
    ///
    /// - Parameters:
    ///   - endpoints: where messages go.
    ///   - client: what asks them, such as a mock.
    public init(_ endpoints: [WebhookEndpoint], client: HTTPClient) {
        all = endpoints
        self.client = client
    }

    /// Where messages go; one that has answered 410 is left out until the process starts anew.
    public var endpoints: [WebhookEndpoint] {
        let gone = gone.withLock { $0 }
        return gone.isEmpty ? all : all.filter { !gone.contains($0.name) }
    }

    /// Sends a message, signed with the endpoint's secret and the time of now (Standard Webhooks 1.0).
    ///
    /// Returns when the receiver has answered with a status of the 200s. Throws what fails a job's attempt otherwise: `HTTPClientError`, or
    /// `JobFailure` with the time that `Retry-After` asks for, and with no further attempt for 410 and for an endpoint that is none any more.
    /// Receivers may get a message twice, and tell by its id.
    /// - Parameters:
    ///   - body: what is sent; JSON as a rule.
    ///   - id: the value of `webhook-id`, the same in each attempt.
    ///   - endpoint: the endpoint's name.
    public func send(_ body: ClientBody, id: String, to endpoint: String) async throws {
        guard let endpoint = all.first(where: { $0.name == endpoint }) else {
            throw JobFailure.giveUp("\(endpoint) is no endpoint any more")
        }
        if gone.withLock({ $0.contains(endpoint.name) }) { throw Self.goneFailure(endpoint) }
        let timestamp = "\(SystemTime.wall() / 1_000_000_000)"
        var headers = HTTPFields()
        headers[.webhookID] = id
        headers[.webhookTimestamp] = timestamp
        headers[.webhookSignature] = endpoint.secret.signature(
            id: id, timestamp: timestamp, body: body.bytes)
        let response = try await client.post(endpoint.url, body, headers: headers)
        if response.status == .gone {
            gone.withLock { _ = $0.insert(endpoint.name) }
            throw Self.goneFailure(endpoint)
        }
        guard response.status.kind != .successful, let pause = Self.pause(response) else {
            try response.requireSuccess()
            return
        }
        throw JobFailure.again(
            after: .seconds(pause), "\(endpoint.name) answered \(response.status.code), Retry-After: \(pause)"
        )
    }

    private static func goneFailure(_ endpoint: WebhookEndpoint) -> JobFailure {
        .giveUp("\(endpoint.name) has answered 410 Gone: it is sent nothing more until the next start")
    }

    /// The seconds of `Retry-After` (RFC 9110, section 10.2.3); `nil` without, and for a date.
    private static func pause(_ response: ClientResponse) -> Int? {
        response.headers[.retryAfter].flatMap { Int($0) }.map { min(max($0, 1), longestPause) }
    }
}

extension HTTPField.Name {
    static let webhookID = known("webhook-id")
    static let webhookTimestamp = known("webhook-timestamp")
    static let webhookSignature = known("webhook-signature")
}
