public import CraneHTTP
import Logging

/// A built application: what a server or a test asks for answers.
///
/// Immutable, and so shared by all loops. An answer costs one allocation for its `Context` beyond what middleware and
/// handler allocate, and two more where it is waited for.
public final class AppResponder: Responder {
    let router: Router
    /// The routes of WebSocket handshakes, which no other request takes.
    let webSockets: Router
    let configuration: AppConfiguration
    /// Applications within this one, in the order in which they are asked.
    let mounts: [Mount]
    public let lifespan: (any Lifespan)?
    /// What requests take that match no route.
    private let unmatched: Endpoint
    private let refusedHandshake = Endpoint(pattern: nil) { _, _ in .ready(.refusedHandshake) }
    let blockedLoops: BlockedLoops
    private let outermost: Link
    /// What has to know of responses that the server gives by itself.
    private let accessLogs: [AccessLog]

    init(
        router: Router, webSockets: Router, middleware: [any Middleware], configuration: AppConfiguration,
        mounts: [Mount], lifespan: (any Lifespan)?, metrics: RequestMetrics? = nil
    ) {
        self.router = router
        self.webSockets = webSockets
        self.configuration = configuration
        self.mounts = mounts
        self.lifespan = lifespan
        unmatched = Endpoint(pattern: nil) { request, context in
            .ready(router.responseWithoutRoute(request, context))
        }
        blockedLoops = metrics?.blockedLoops ?? BlockedLoops()
        var chain = middleware
        if let metrics {
            let counters = metrics.counters(RequestMetrics.labels(router, webSockets, mounts))
            chain.insert(RequestMeter(counters: counters), at: 0)
        }
        outermost = Link.chain(chain)
        accessLogs = middleware.compactMap { $0 as? AccessLog }
    }

    public func requestWasRefused(_ request: Request?, from peer: PeerAddress, status: Int) {
        for log in accessLogs { log.noteRefusal(of: request, from: peer, status: status) }
    }

    public func respond(to request: Request) -> EventualResponse {
        if !configuration.rootPath.text.isEmpty { cut(configuration.rootPath, of: request) }
        let context = Context(
            request: request, configuration: configuration, endpoint: endpointOrStandIn(for: request))
        switch outermost.respond(request, context) {
        case .ready(let response): return .ready(context.settled(response))
        case .pending(let work): return .pending { context.settled(await context.response(of: work)) }
        }
    }

    /// The same for a request that another application hands on.
    func respond(to request: Request, in outer: Context, under path: RootPath) -> EventualResponse {
        let isRootCut = outer.mount?.isRootCut ?? request.isPathCut
        if !path.text.isEmpty { cut(path, of: request) }
        let context = Context(
            request: request, configuration: configuration, endpoint: endpointOrStandIn(for: request))
        context.setMount(MountedExchange(outer: outer, path: path.text, isRootCut: isRootCut))
        context.tellOuterMeters()
        switch outermost.respond(request, context) {
        case .ready(let response): return .ready(context.settled(response))
        case .pending(let work): return .pending { context.settled(await context.response(of: work)) }
        }
    }

    /// The response, for who has a task to wait for it in.
    public func response(to request: Request) async -> Response {
        // Errors have become responses.
        do { return try await respond(to: request).response } catch {
            return Response(status: .internalServerError)
        }
    }

    /// Takes a prefix off the request's path, where the proxy has left it on.
    private func cut(_ prefix: RootPath, of request: Request) {
        if let count = prefix.length(before: request.pathBytes) { request.cutPath(count) }
    }

    private func endpointOrStandIn(for request: Request) -> Endpoint {
        if let endpoint = mountOrEndpoint(for: request) { return endpoint }
        if let endpoint = endpointUnderPrefix(request) { return endpoint }
        return request.isWebSocketHandshake ? refusedHandshake : unmatched
    }

    /// What answers a request whose proxy tells of a prefix and has not taken it off.
    @inline(never)
    private func endpointUnderPrefix(_ request: Request) -> Endpoint? {
        guard !request.isPathCut, let prefix = configuration.trustedProxies.prefix(of: request),
            !prefix.text.isEmpty
        else { return nil }
        cut(prefix, of: request)
        return request.isPathCut ? mountOrEndpoint(for: request) : nil
    }

    private func mountOrEndpoint(for request: Request) -> Endpoint? {
        if !mounts.isEmpty, let mount = mounts.first(where: { $0.takes(request) }) { return mount.endpoint }
        return endpoint(for: request)
    }

    func endpoint(for request: Request) -> Endpoint? {
        request.isWebSocketHandshake
            ? webSockets.endpoint(for: request) : router.endpoint(for: request)
    }
}
