public import Crane
public import CraneSchema
import CraneSystem
import HTTPTypes

/// A body that was signed with a secret of ours; no field but the signature has been looked at.
public struct SignedMessage: Sendable {
    /// The bytes that were signed.
    public let body: [UInt8]
    /// The request's, such as the message's id: the signature does not cover them.
    public let headers: RequestHeaders

    /// The body as JSON; one that is not is answered as a `Body` would answer it.
    public func json() throws -> JSONValue {
        do { return try JSONValue.parse(body) } catch { throw error.requestError }
    }

    /// The body as a value of a type that describes itself; one that does not fit is answered as a `Body` would answer it, with 422.
    public func decoded<Value: SchemaRepresentable>(as type: Value.Type = Value.self) throws -> Value {
        do { return try Value.schema.decode(body) } catch { throw error.requestError }
    }
}

/// A webhook of a sender with a form of its own: HMAC-SHA256 of the body in one field, as GitHub, Shopify and others have it.
///
/// ```swift
/// app.post("/github", SignedBody("X-Hub-Signature-256", "sha256=", secret: secret)) { message in … }
/// ```
/// Nothing in it says when it was signed, so a message that somebody has kept can be sent again: handle each id once. Senders of
/// Standard Webhooks are ``SignedWebhook``'s. A message without the signature, or with one of another secret, is answered with
/// 401; one that is too long with 413.
public struct SignedBody: Input {
    /// How the 32 bytes of a signature are written.
    public enum Coding: Sendable {
        /// Hexadecimal digits, in any case.
        case hex
        /// Base64 with its padding.
        case base64
    }

    private let field: HTTPField.Name
    private let prefix: String
    private let coding: Coding
    private let keys: [HMACKey]
    private let contentType: String
    private let limit: Int

    /// - Parameters:
    ///   - field: the name of the header field that has the signature; a name that none can have is a mistake of the program.
    ///   - prefix: what stands before the signature.
    ///   - secrets: of which one must have signed, in the form that the sender uses them; a second one while the first is being replaced.
    ///   - coding: how the signature is written.
    ///   - contentType: what OpenAPI says of the body; a message may say otherwise.
    ///   - limit: bytes of a body at most.
    public init(
        _ field: String, _ prefix: String = "", secret secrets: String..., as coding: Coding = .hex,
        of contentType: String = "application/json", upTo limit: Int = 1 << 20
    ) {
        guard let name = HTTPField.Name(field) else { preconditionFailure("'\(field)' is no field's name") }
        precondition(!secrets.isEmpty && !secrets.contains(""), "an empty secret signs nothing")
        self.field = name
        self.prefix = prefix
        self.coding = coding
        keys = secrets.map { HMACKey(Array($0.utf8)) }
        self.contentType = contentType
        self.limit = limit
    }

    public func value(in inputs: inout Inputs) async throws -> SignedMessage? {
        let headers = inputs.request.headers
        let body = try await inputs.request.body.collect(upTo: limit)
        try verify(headers[field], of: body)
        return SignedMessage(body: body, headers: headers)
    }

    public func describe(to operation: inout InputsDescription) {
        BodyStream(contentType, description: "Signed in `\(field.rawName)`", upTo: limit).describe(
            to: &operation)
    }

    /// Checks a body that came some other way; `signature` is the field's whole value. Throws `HTTPError` with 401.
    public func verify(_ signature: String?, of body: [UInt8]) throws(HTTPError) {
        guard let signature else { throw HTTPError(.unauthorized, "\(field.rawName) is needed") }
        guard signature.hasPrefix(prefix), keys.contains(where: { isMade(signature, of: body, by: $0) })
        else { throw HTTPError(.unauthorized, "The signature is not right") }
    }

    /// In a time that does not tell how much of it is right.
    private func isMade(_ signature: String, of body: [UInt8], by key: HMACKey) -> Bool {
        let sent = signature.dropFirst(prefix.count)
        let right = text(of: key.tag(body))
        return HMACKey.areEqual(
            coding == .hex ? Array(sent.lowercased().utf8) : Array(sent.utf8), Array(right.utf8))
    }

    private func text(of tag: [UInt8]) -> String {
        switch coding {
        case .base64: Base64.encode(tag)
        case .hex: tag.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// The value that the field would have, for a sender and for tests.
    public func signature(of body: [UInt8]) -> String { prefix + text(of: keys[0].tag(body)) }
}
