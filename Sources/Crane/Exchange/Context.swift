public import CraneHTTP
public import Logging
import Synchronization

/// What belongs to one request beside its message: who sent it, which route it took, its log, its storage.
///
/// One allocation a request; what costs more is worked out when it is asked for. Safe to use from child tasks.
public final class Context: Sendable {
    let configuration: AppConfiguration
    let request: Request
    let endpoint: Endpoint
    private let state = Mutex(State())
    /// Whether anything is to be done once the response is sent: asked at each response, and so without the lock.
    let hasHooks = Atomic(false)
    // Synchronous middleware uses these on the request's loop, before and after the handler runs.
    /// When the request came, in nanoseconds of the monotonic clock; 0 until somebody asks for it.
    @exclusivity(unchecked) nonisolated(unsafe) var began: UInt64 = 0
    /// Field lines for whatever response there will be.
    @exclusivity(unchecked) nonisolated(unsafe) var fieldLines: [UInt8] = []

    private struct State {
        var client: PeerAddress?
        private var rare: Rare?

        /// What few requests have.
        var known: Rare? { rare }

        /// The same, made where it is not there.
        mutating func made() -> Rare {
            if let rare { return rare }
            let made = Rare()
            rare = made
            return made
        }
    }

    /// What few requests have: apart, so that the others need not be given it.
    private final class Rare {
        var requestID: String?
        var trace: TraceContext?
        var mount: MountedExchange?
        var cell: Int?
        var storage: [ObjectIdentifier: any Sendable] = [:]
        var hooks: ResponseHooks?
    }

    init(request: Request, configuration: AppConfiguration, endpoint: Endpoint) {
        self.request = request
        self.configuration = configuration
        self.endpoint = endpoint
    }

    /// The pattern of the route that answers, `/comments/{comment_id}`; `nil` when no route matches path and method.
    public var route: String? { endpoint.pattern.map(\.text) }

    /// What the route's parameters stand for in the request's path.
    public var parameters: PathParameters {
        PathParameters(request: request, pattern: endpoint.pattern)
    }

    /// The client's address, found through the trusted proxies' forwarding fields; the peer itself without them.
    ///
    /// Worked out once. A peer that is not a trusted proxy costs a comparison.
    public var client: PeerAddress {
        state.withLock { state in
            if let client = state.client { return client }
            let client = configuration.trustedProxies.client(of: request)
            state.client = client
            return client
        }
    }

    /// The scheme that the client used, as a trusted proxy tells it; `http` otherwise.
    public var scheme: Scheme { configuration.trustedProxies.scheme(of: request) }

    /// The path under which the client sees this application, `/api`, as a trusted proxy's `X-Forwarded-Prefix` or
    /// `App.rootPath` tells it; empty at the root. It goes before a path that the client is given.
    public var rootPath: String {
        if let mount { return mount.outer.rootPath + mount.path }
        return rootPathOfHost
    }

    /// The same where this is the outermost application.
    private var rootPathOfHost: String {
        (configuration.trustedProxies.prefix(of: request) ?? configuration.rootPath).text
    }

    /// The id that ties this request's log lines together: a trusted proxy's `X-Request-ID`, or 16 hexadecimal digits
    /// that are unique in this process.
    public var requestID: String {
        state.withLock { state in
            let state = state.made()
            if let id = state.requestID ?? state.mount?.outer.requestID { return id }
            let id = configuration.trustedProxies.requestID(of: request) ?? RandomID.next()
            state.requestID = id
            return id
        }
    }

    /// Where this application stands in another one.
    var mount: MountedExchange? { state.withLock { $0.known?.mount } }

    func setMount(_ mount: MountedExchange) { state.withLock { $0.made().mount = mount } }

    /// Which cell counts the request, as the application in this one has told that it was handed on to.
    var cellWithin: Int? { state.withLock { $0.known?.cell } }

    func setCell(_ cell: Int) { state.withLock { $0.made().cell = cell } }

    func setRequestID(_ id: String) { state.withLock { $0.made().requestID = id } }

    /// The request's place in a distributed trace, where `Tracing` is among the middleware.
    public var trace: TraceContext? { state.withLock { $0.known?.trace ?? $0.known?.mount?.outer.trace } }

    package func setTrace(_ trace: TraceContext) { state.withLock { $0.made().trace = trace } }

    /// Whether the peer is a proxy that the application trusts.
    package var isFromTrustedProxy: Bool { configuration.trustedProxies.contains(request.peer.ip) }

    /// The application's logger with this request's id as `request_id`, and that of its trace; allocates at each call.
    public var logger: Logger {
        var logger = configuration.logger
        logger[metadataKey: "request_id"] = "\(requestID)"
        if let trace {
            logger[metadataKey: "trace_id"] = "\(trace.traceID)"
            logger[metadataKey: "span_id"] = "\(trace.spanID)"
        }
        return logger
    }

    /// Changes what is to be done once the response is sent.
    func changeHooks<Result: Sendable>(_ change: (inout ResponseHooks) -> Result) -> Result {
        hasHooks.store(true, ordering: .relaxed)
        return state.withLock { state in
            let state = state.made()
            var hooks = state.hooks.take() ?? ResponseHooks()
            defer { state.hooks = hooks }
            return change(&hooks)
        }
    }

    /// Says that there may be hooks before the response is there.
    func expectHooks() { hasHooks.store(true, ordering: .relaxed) }

    /// Hands over what is to be done once the response is sent, and keeps nothing of it: a task that uses the context holds
    /// it, and as long as it were kept here, each would hold the other.
    func takeHooks() -> ResponseHooks? {
        state.withLock { $0.known?.hooks.take() }
    }

    /// A value that travels with the request; what is read before it is written is the application's.
    public subscript<Key: ContextKey>(key: Key.Type) -> Key.Value {
        get {
            let id = ObjectIdentifier(key)
            let (own, mount) = state.withLock { ($0.known?.storage[id], $0.known?.mount) }
            if let value = own ?? configuration.ownValue(id) {
                return value as? Key.Value ?? Key.defaultValue
            }
            return mount?.outer[key] ?? Key.defaultValue
        }
        set { state.withLock { $0.made().storage[ObjectIdentifier(key)] = newValue } }
    }
}

extension Context {
    /// The loop that runs the request.
    public var loop: any LoopServices { request.connection.loop }

    /// Waits without holding the loop; throws `CancellationError` when the client has gone.
    public func sleep(for duration: Duration) async throws {
        try await loop.sleep(for: duration)
    }

    /// Runs blocking work on the bounded worker pool, off the loop; throws `WorkersBusy` when its queue is full, which
    /// becomes a 503 when nobody catches it.
    public func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await loop.blocking(work)
    }

    /// Starts work that outlives the request, on its loop; a graceful shutdown waits for it.
    public func spawn(_ work: @escaping @Sendable () async -> Void) {
        loop.spawn(work)
    }
}

/// How a request came to an application that stands in another one.
struct MountedExchange: Sendable {
    /// What belongs to the request in the application around.
    let outer: Context
    /// The path that the application stands under there.
    let path: String
    /// Whether the outermost application's root path has been taken off the request's path.
    let isRootCut: Bool
}
