public import Crane
import CraneHTTP
import CraneSystem
import Synchronization

/// Sends requests to an application and keeps its cookies, as a browser with one tab.
///
/// ```swift
/// var app = makeApp()
/// app.override(currentUser) { User(name: "ada") }
/// let client = TestClient(app)
/// let response = try await client.post("/comments/", json: #"{"text":"hello"}"#)
/// #expect(response.status == .ok)
/// ```
/// An application's set-up runs before the first request, or with `TestClient.with`, which ends what it has made too.
/// Safe to share between tasks. Follows redirects to the same host, at most 20, unless told otherwise.
public final class TestClient: Sendable {
    /// The host that requests name.
    public let host: String
    /// Whether a redirect to the same host is followed.
    public let followsRedirects: Bool
    private let transport: any TestTransport
    private let jar: Mutex<CookieJar>

    /// A client over any transport, with cookies to begin with.
    public init(
        _ transport: any TestTransport, host: String = "testserver", followsRedirects: Bool = true,
        cookies: [String: String] = [:]
    ) {
        self.transport = transport
        self.host = host
        self.followsRedirects = followsRedirects
        jar = Mutex(CookieJar(cookies))
    }

    /// A client of an application in memory.
    public convenience init(_ app: App, host: String = "testserver", followsRedirects: Bool = true) {
        self.init(InMemoryTransport(app.build()), host: host, followsRedirects: followsRedirects)
    }

    /// Runs `body` with a client of an application in memory whose set-up has run, and ends the application: `with TestClient(app)` in
    /// FastAPI.
    ///
    /// - Parameters:
    ///   - app: is built here; what its set-up throws is thrown.
    ///   - followsRedirects: whether a redirect to the same host is followed.
    ///   - body: its background work runs meanwhile, and its clean-ups have run when this returns.
    public static func with<Value>(
        _ app: App, followsRedirects: Bool = true, _ body: (TestClient) async throws -> Value
    ) async throws -> Value {
        let client = TestClient(app, followsRedirects: followsRedirects)
        try await client.transport.start()
        return try await client.closing(after: body)
    }

    /// Ends the application: its background work, and what its set-up has made. A client in memory that is forgotten does the same later.
    public func close() async throws { try await transport.close() }

    /// Runs `body`, and ends the application whatever becomes of it.
    func closing<Value>(after body: (TestClient) async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(self))
        } catch {
            result = .failure(error)
        }
        try await close()
        return try result.get()
    }

    /// The cookies that the application has set.
    public var cookies: [String: String] { jar.withLock { $0.cookies } }

    /// Sends a request and gives the response, the last one after redirects.
    public func send(_ request: TestRequest) async throws -> TestResponse {
        var request = request
        for _ in 0...20 {
            let response = try await transport.exchange(withCookies(request), host: host)
            jar.withLock { $0.take(response.headers) }
            guard followsRedirects, let next = redirected(request, by: response) else { return response }
            request = next
        }
        throw TestFailure("\(request.target): more than 20 redirects")
    }

    /// Sends a handshake, whose response may set cookies as any other.
    func open(_ handshake: TestRequest) async throws -> TestOpening {
        let opening = try await transport.open(withCookies(handshake), host: host)
        switch opening {
        case .accepted(let response, _), .refused(let response): jar.withLock { $0.take(response.headers) }
        }
        return opening
    }

    private func withCookies(_ request: TestRequest) -> TestRequest {
        guard request.headers[.cookie] == nil, let field = jar.withLock({ $0.field }) else { return request }
        var request = request
        request.headers[.cookie] = field
        return request
    }

    /// The request that a redirect asks for (RFC 9110, section 15.4); `nil` where it is none, or leads to another host.
    private func redirected(_ request: TestRequest, by response: TestResponse) -> TestRequest? {
        guard [301, 302, 303, 307, 308].contains(response.status.code),
            var target = response.headers[.location]
        else { return nil }
        for origin in ["http://" + host, "https://" + host] where target.begins(with: origin) {
            target = String(decoding: target.utf8.dropFirst(origin.utf8.count), as: UTF8.self)
        }
        guard target.begins(with: "/"), !target.begins(with: "//") else { return nil }
        var next = request
        // The fragment is for the page (RFC 9110, section 10.2.2).
        next.target = String(target.prefix { $0 != "#" })
        if ![307, 308].contains(response.status.code), request.method != .head {
            next.method = .get
            next.body = []
            next.headers[.contentType] = nil
        }
        return next
    }
}
