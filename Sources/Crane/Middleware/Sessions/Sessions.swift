public import CraneHTTP
import CraneSchema
import CraneSystem
import HTTPTypes

/// Gives each visitor a session in a signed cookie: Starlette's `SessionMiddleware`.
///
/// ```swift
/// app.middleware = [Sessions(secrets: [settings.sessionSecret])]
/// ```
/// The cookie is signed by HMAC-SHA256, is `HttpOnly`, and `Secure` where the client used HTTPS. It is written when a value has changed, or
/// when it is used after half of its time: who comes back in time stays. A cookie that is forged, broken, too old or too long
/// counts as none. A session that does not fit into a cookie is an error, logged and answered 500: nothing is cut off.
public struct Sessions: SynchronousMiddleware {
    /// The most bytes of a cookie's name and value that browsers keep (RFC 6265bis, section 5.6).
    static let cookieBound = 4096

    private let seal: SessionSeal
    private let maxAge: Duration
    private let path: String
    private let domain: String?
    private let sameSite: SetCookie.SameSite
    private let isSecure: Bool?

    /// - Parameters:
    ///   - secrets: each of 32 bytes at least, as `openssl rand -base64 32` makes them; traps for a shorter one. The first signs, all are
    ///     believed: to change it, put the new one before the old, and take the old one away when `maxAge` has passed.
    ///   - cookie: the cookie's name.
    ///   - maxAge: how long a session is good without being used.
    ///   - path: the paths that the cookie is sent to begin with this one.
    ///   - domain: the host that it is sent to, with those below it; `nil` for the one that sets it, alone.
    ///   - sameSite: when requests that other sites begin carry it.
    ///   - isSecure: whether it is sent over HTTPS only; `nil` for what the client used, as `Context.scheme` knows it.
    public init(
        secrets: [String], cookie: String = "session", maxAge: Duration = .seconds(14 * 24 * 3600),
        path: String = "/", domain: String? = nil, sameSite: SetCookie.SameSite = .lax, isSecure: Bool? = nil
    ) {
        self.init(
            SessionSeal(secrets, cookie: cookie, maxAge: maxAge) { SystemTime.coarseWall() / 1_000_000_000 },
            maxAge, path, domain, sameSite, isSecure)
    }

    init(
        _ seal: SessionSeal, _ maxAge: Duration, _ path: String, _ domain: String?,
        _ sameSite: SetCookie.SameSite, _ isSecure: Bool?
    ) {
        self.seal = seal
        self.maxAge = maxAge
        self.path = path
        self.domain = domain
        self.sameSite = sameSite
        self.isSecure = isSecure
    }

    public func enter(_ request: Request, _ context: Context) -> Response? {
        context[SessionKey.self] = Session(request, seal)
        return nil
    }

    public func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        // Who answered outside has let nobody in.
        guard let session = context[SessionKey.self] else { return }
        switch session.outcome {
        case .unused: return
        case .unchanged: break
        case .changed(let values):
            let isOver = values.isEmpty
            let cookie = SetCookie(
                seal.cookie, isOver ? "" : seal.close(values), maxAge: isOver ? .zero : maxAge, path: path,
                domain: domain, secure: isSecure ?? (context.scheme == .https), httpOnly: true,
                sameSite: sameSite)
            let size = cookie.name.utf8.count + cookie.value.utf8.count
            if size > Sessions.cookieBound {
                response = context.response(to: SessionTooLarge(size: size))
            } else {
                response.setCookie(cookie)
            }
        }
        // A cache must not give one visitor's page to another.
        response.headers.append(HTTPField(name: .vary, value: "Cookie"))
    }
}

/// A session that no cookie holds.
private struct SessionTooLarge: Error, CustomStringConvertible {
    let size: Int

    var description: String {
        "the session takes \(size) bytes, and a cookie holds \(Sessions.cookieBound): keep an id in it, and the rest in a database"
    }
}

/// Makes a session's cookie and reads it back: the seconds since 1970 when it was made and its values as JSON, in base64url; a point;
/// the signature over the cookie's name and both.
struct SessionSeal: Sendable {
    let cookie: String
    private let keys: [HMACKey]
    /// What is signed before each content.
    private let purpose: [UInt8]
    private let maxAge: UInt64
    private let now: @Sendable () -> UInt64

    /// - Parameter now: seconds since 1970.
    init(_ secrets: [String], cookie: String, maxAge: Duration, now: @escaping @Sendable () -> UInt64) {
        precondition(!secrets.isEmpty, "sessions need a secret")
        for secret in secrets {
            precondition(
                secret.utf8.count >= 32,
                "a session secret has at least 32 bytes: make one with openssl rand -base64 32")
        }
        precondition(maxAge >= .seconds(1), "a session is good for a second at least")
        self.cookie = cookie
        keys = secrets.map { HMACKey(Array($0.utf8)) }
        purpose = Array("session \(cookie)\0".utf8)
        self.maxAge = UInt64(maxAge.components.seconds)
        self.now = now
    }

    /// The cookie's value.
    func close(_ values: [JSONValue.Member]) -> String {
        let time = now()
        var content = stride(from: 56, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: time >> UInt64($0))
        }
        content += JSONValue.schema.encode(.object(values))
        return Base64.encodeForURL(content) + "." + Base64.encodeForURL(keys[0].tag(signed(content)))
    }

    /// The values of a `Cookie` field's session, and whether it should be written anew; `nil` for none that is good.
    func open(_ field: String) -> (values: [JSONValue.Member], isStale: Bool)? {
        guard let value = CookieField.value(of: cookie, in: field), value.utf8.count <= Sessions.cookieBound,
            let (text, signature) = value.halves(at: "."), let content = Base64.decodeFromURL(text),
            let tag = Base64.decodeFromURL(signature), content.count > 8,
            let key = keys.firstIndex(where: { $0.isTag(tag, of: signed(content)) })
        else { return nil }
        let made = content.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let now = now()
        // One from the future was signed by a clock that ran before this one.
        let age = now > made ? now - made : 0
        guard age < maxAge, case .object(let values)? = try? JSONValue.parse(Array(content.dropFirst(8)))
        else { return nil }
        return (values, key > 0 || age > maxAge / 2)
    }

    private func signed(_ content: [UInt8]) -> [UInt8] { purpose + content }
}
