public import HTTPWire
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
    let logger: Logger
    let loopHolds = LoopHolds()
    private let outermost: Link

    init(
        router: Router, webSockets: Router, middleware: [any Middleware], trustedProxies: TrustedProxies,
        logger: Logger
    ) {
        self.router = router
        self.webSockets = webSockets
        self.trustedProxies = trustedProxies
        self.logger = logger
        outermost = Link.chain(middleware)
    }

    public func respond(to request: Request) async -> Response {
        let context = Context(request: request, app: self, route: route(for: request))
        return context.settled(await outermost.respond(request, context))
    }

    func route(for request: Request) -> Route {
        request.isWebSocketHandshake
            ? webSockets.webSocketRoute(for: request) : router.route(for: request)
    }
}
