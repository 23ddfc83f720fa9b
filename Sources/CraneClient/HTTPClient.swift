import Crane
import CraneLoop
import HTTPTypes
import Synchronization

/// Asks other servers, by libcurl on the loop of whoever calls: no thread waits.
///
/// ```swift
/// let forecast = try await context.http.get("https://api.example/forecast", query: ["city": city])
///     .requireSuccess().decoded(as: Forecast.self)
/// ```
/// Connections are kept and used again; TLS is verified; only public addresses are connected to, and neither redirects nor proxies
/// are followed, unless the configuration says so. A request is given up when its task is cancelled or the server ends. Safe to share
/// between tasks and loops; outside a server's loops, requests run on a loop of the process's own.
public final class HTTPClient: Sendable {
    /// The client of an application that has no other, with the usual configuration.
    public static let shared = HTTPClient()

    /// What the client may do.
    public let configuration: HTTPClientConfiguration
    private let mock: (@Sendable (ClientRequest) async throws -> ClientResponse)?
    private let pools: ClientPools
    /// What each request has that does not say it itself.
    private let fields: HTTPFields

    /// A client with connections of its own.
    public init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        self.configuration = configuration
        mock = nil
        pools = ClientPools()
        fields = HTTPFields()
    }

    /// A client without connections: `respond` makes the responses, for tests.
    public init(mock respond: @escaping @Sendable (ClientRequest) async throws -> ClientResponse) {
        configuration = HTTPClientConfiguration()
        mock = respond
        pools = ClientPools()
        fields = HTTPFields()
    }

    private init(_ client: HTTPClient, _ fields: HTTPFields) {
        configuration = client.configuration
        mock = client.mock
        pools = client.pools
        self.fields = fields
    }

    /// The same client, with the same connections, whose requests tell of a trace.
    func tracing(_ trace: TraceContext) -> HTTPClient {
        var fields: HTTPFields = [.traceparent: trace.traceparent]
        if let state = trace.state { fields[.tracestate] = state }
        return HTTPClient(self, fields)
    }

    /// Loads libcurl now: the first request would, and holds its loop for some milliseconds.
    ///
    /// - Throws: ``HTTPClientError`` where there is no libcurl, as each request does then.
    public static func loadLibrary() throws(HTTPClientError) {
        _ = try CurlLibrary.loaded(for: "")
    }

    /// Sends a request and reads the whole response, whatever its status.
    ///
    /// Throws ``HTTPClientError`` when there is no response, and `CancellationError` when the task is cancelled or the loop ends.
    public func send(_ request: ClientRequest) async throws -> ClientResponse {
        try Task.checkCancellation()
        var request = request
        for field in fields where request.headers[field.name] == nil { request.headers.append(field) }
        if let mock {
            var response = try await mock(request)
            if response.url.isEmpty { response.url = request.url }
            return response
        }
        let loop = try EventLoop.current ?? EventLoop.shared()
        let library = try CurlLibrary.loaded(for: request.origin)
        let transfer = try CurlTransfer(request, configuration, library)
        let pool = pools.pool(on: loop, configuration, library)
        return try await withTaskCancellationHandler {
            try await unsafe withUnsafeThrowingContinuation { continuation in
                // Resumed once: by the transfer's end, or by the loop's.
                unsafe transfer.continuation = continuation
                if loop.isCurrent { return pool.start(transfer) }
                guard loop.execute({ pool.start(transfer) }) else {
                    pools.forget(loop)
                    return transfer.cancel()
                }
            }
        } onCancel: {
            loop.execute { pool.cancel(transfer) }
        }
    }
}

/// A client's connections on each loop that it is used on.
final class ClientPools: Sendable {
    private let pools = Mutex<[ObjectIdentifier: CurlPool]>([:])

    /// The connections on `loop`; any thread.
    func pool(
        on loop: EventLoop, _ configuration: HTTPClientConfiguration, _ library: CurlLibrary
    ) -> CurlPool {
        pools.withLock { pools in
            if let pool = pools[ObjectIdentifier(loop)] { return pool }
            let pool = CurlPool(loop, configuration, library) { [weak self] in self?.forget($0) }
            pools[ObjectIdentifier(loop)] = pool
            return pool
        }
    }

    /// The loop of a pool has ended.
    func forget(_ loop: EventLoop) {
        pools.withLock { $0[ObjectIdentifier(loop)] = nil }
    }

    /// Nobody uses the client any more.
    deinit {
        for pool in pools.withLock({ Array($0.values) }) { pool.loop.execute { pool.close() } }
    }
}
