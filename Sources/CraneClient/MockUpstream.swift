import CraneSystem
public import HTTPTypes
import Synchronization

/// Other servers as a test wants them: responses by method and URL, and all that was asked for.
///
/// ```swift
/// let weather = MockUpstream()
/// weather.on(.get, "https://api.example/forecast") { _ in .json(["degrees": 27]) }
/// app.http = weather.client
/// ```
public final class MockUpstream: Sendable {
    private struct Route: Sendable {
        let method: HTTPRequest.Method
        let url: String
        let respond: @Sendable (ClientRequest) async throws -> ClientResponse
    }

    private struct State {
        var routes: [Route] = []
        var requests: [ClientRequest] = []
    }

    private let state = Mutex(State())

    /// Servers that answer nothing yet.
    public init() {}

    /// Answers requests with that method and URL; a URL without a query takes any. The last of several that fit counts.
    public func on(
        _ method: HTTPRequest.Method, _ url: String,
        respond: @escaping @Sendable (ClientRequest) async throws -> ClientResponse
    ) {
        state.withLock { $0.routes.append(Route(method: method, url: url, respond: respond)) }
    }

    /// What was asked for, in order.
    public var requests: [ClientRequest] { state.withLock { $0.requests } }

    /// A client that asks these servers and no other: what they do not answer throws.
    public var client: HTTPClient {
        HTTPClient(mock: { [self] request in try await respond(to: request) })
    }

    private func respond(to request: ClientRequest) async throws -> ClientResponse {
        let path = String(request.url.prefix { $0 != "?" && $0 != "#" })
        let route = state.withLock { state in
            state.requests.append(request)
            return state.routes.last { route in
                route.method == request.method && (route.url == request.url || route.url == path)
            }
        }
        guard let route else {
            throw HTTPClientError(
                .couldNotConnect, request.origin,
                "the mock has no response to \(request.method) \(request.url)")
        }
        return try await route.respond(request)
    }
}
