public import CraneHTTP
import Logging

/// A built application: what a server or a test asks for answers.
///
/// Immutable, and so shared by all loops. An answer costs one allocation for its `Context` beyond what middleware and
/// handler allocate.
public final class AppResponder: Responder {
    let router: Router
    /// The routes of WebSocket handshakes, which no other request takes.
    let webSockets: Router
    let trustedProxies: TrustedProxies
    /// Where clients see the application, unless a proxy says otherwise.
    let rootPath: RootPath
    let logger: Logger
    let loopHolds = LoopHolds()
    private let outermost: Link
    /// What has to know of answers that the server gives by itself.
    private let refusalLogs: [any RefusalLog]

    init(
        router: Router, webSockets: Router, middleware: [any Middleware], trustedProxies: TrustedProxies,
        rootPath: RootPath, logger: Logger
    ) {
        self.rootPath = rootPath

        self.router = router
        self.webSockets = webSockets
        self.trustedProxies = trustedProxies
        self.logger = logger
        outermost = Link.chain(middleware)
        refusalLogs = middleware.compactMap { $0 as? any RefusalLog }
    }

    public func requestWasRefused(_ request: Request?, from peer: PeerAddress, status: Int) {
        for log in refusalLogs { log.noteRefusal(of: request, from: peer, status: status) }
    }

    public func respond(to request: Request) async -> Response {
        if !rootPath.text.isEmpty { cut(rootPath, of: request) }
        let context = Context(request: request, app: self, route: routeOrPrefixed(request))
        return context.settled(await outermost.respond(request, context))
    }

    /// Takes a prefix off the request's path, where the proxy has left it on.
    private func cut(_ prefix: RootPath, of request: Request) {
        // Read during the call only; the caller holds the request.
        if let count = unsafe prefix.length(before: request.pathBytes) { request.cutPath(count) }
    }

    private func routeOrPrefixed(_ request: Request) -> Route {
        let found = route(for: request)
        guard found === Route.unmatched else { return found }
        return routeUnderPrefix(request) ?? found
    }

    /// The route of a request whose proxy tells of a prefix and has not taken it off.
    @inline(never)
    private func routeUnderPrefix(_ request: Request) -> Route? {
        guard !request.isPathCut, let prefix = trustedProxies.prefix(of: request), !prefix.text.isEmpty else {
            return nil
        }
        cut(prefix, of: request)
        return request.isPathCut ? route(for: request) : nil
    }

    func route(for request: Request) -> Route {
        request.isWebSocketHandshake
            ? webSockets.webSocketRoute(for: request) : router.route(for: request)
    }
}
