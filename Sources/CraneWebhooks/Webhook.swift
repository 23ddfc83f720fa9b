public import Crane
public import CraneSchema
import CraneSystem
import HTTPTypes

/// A message of another server that was signed with a secret of ours.
public struct Webhook: Sendable {
    /// The same when the message comes again: who has handled it needs it no second time.
    public let id: String
    /// When this attempt was sent, in seconds since 1970.
    public let timestamp: Int
    /// The bytes that were signed.
    public let body: [UInt8]

    /// The body as JSON; one that is not is answered as a `Body` would answer it.
    public func json() throws -> JSONValue {
        do { return try JSONValue.parse(body) } catch { throw error.requestError }
    }

    /// The body as a value of a type that describes itself; one that does not fit is answered as a `Body` would answer it, with 422.
    public func decoded<Value: SchemaRepresentable>(as type: Value.Type = Value.self) throws -> Value {
        do { return try Value.schema.decode(body) } catch { throw error.requestError }
    }
}

/// What a receiver takes: the input of a route that webhooks are sent to, and the check behind it.
///
/// ```swift
/// app.post("/webhooks", SignedWebhook(secret)) { webhook in … }
/// ```
/// A message without fields of Standard Webhooks, with a signature of another secret, or whose time is too far from now, is
/// answered with 400; one that is too long with 413.
public struct SignedWebhook: Input {
    private let secrets: [WebhookSecret]
    private let tolerance: Int
    private let limit: Int

    /// - Parameters:
    ///   - secrets: of which one must have signed; a second one while the first is being replaced.
    ///   - tolerance: how far the sender's clock may be from ours, and how late a message that somebody has kept may be sent again.
    ///   - limit: bytes of a body at most.
    public init(
        _ secrets: WebhookSecret..., tolerance: Duration = .seconds(300), upTo limit: Int = 1 << 20
    ) {
        self.secrets = secrets
        // A thousand years are for ever, and do not overflow.
        self.tolerance = Int(min(max(tolerance.components.seconds, 0), 1000 * 365 * 86_400))
        self.limit = limit
    }

    public func value(in inputs: inout Inputs) async throws -> Webhook? {
        let headers = inputs.request.headers
        let body = try await inputs.request.body.collect(upTo: limit)
        return try verified(
            id: headers[.webhookID], timestamp: headers[.webhookTimestamp],
            signatures: headers[.webhookSignature], body: body,
            at: Int(SystemTime.wall() / 1_000_000_000))
    }

    public func describe(to operation: inout InputsDescription) {
        BodyStream(
            "application/json", description: "Signed in `webhook-signature`, as Standard Webhooks says",
            upTo: limit
        ).describe(to: &operation)
    }

    /// Checks a message that came some other way.
    ///
    /// - Parameters:
    ///   - id: the value of `webhook-id`.
    ///   - timestamp: the value of `webhook-timestamp`.
    ///   - signatures: the value of `webhook-signature`.
    ///   - body: the bytes as they came.
    ///   - now: seconds since 1970.
    /// - Throws: `HTTPError` with 400 for a message that is not to be believed.
    public func verified(
        id: String?, timestamp: String?, signatures: String?, body: [UInt8], at now: Int
    ) throws(HTTPError) -> Webhook {
        guard let id, !id.isEmpty, let timestamp, let signatures, let seconds = Int(timestamp) else {
            throw HTTPError(
                .badRequest, "webhook-id, webhook-timestamp and webhook-signature are needed")
        }
        guard
            secrets.contains(where: { secret in
                secret.hasMade(signatures, id: id, timestamp: timestamp, body: body)
            })
        else {
            throw HTTPError(.badRequest, "The webhook's signature is not right")
        }
        guard (now - tolerance...now + tolerance).contains(seconds) else {
            throw HTTPError(.badRequest, "The webhook's time is too far from now")
        }
        return Webhook(id: id, timestamp: seconds, body: body)
    }
}
