extension App {
    /// Registers a WebSocket route: `handler` runs the connection once it is accepted, and closes it by returning.
    ///
    /// A path may answer ordinary requests and WebSockets; the two do not meet. A handshake for a path without such a route
    /// is refused with 403.
    public mutating func webSocket(
        _ path: String, options: WebSocketOptions = WebSocketOptions(),
        _ handler: @escaping @Sendable (WebSocket, Context) async throws -> Void
    ) {
        onHandshake(path) { request, context in
            .webSocket(request, context, options: options) { socket in try await handler(socket, context) }
        }
    }

    /// Registers a handler that answers the handshake itself, with `Response.webSocket` when it accepts.
    public mutating func onHandshake(_ path: String, _ handler: @escaping Handler) {
        webSocketRoutes.append(Registration(method: .get, path: path, handler: handler))
    }
}

extension Router {
    /// The route of a handshake.
    func webSocketRoute(for request: Request) -> Route {
        let route = route(for: request)
        return route.pattern == nil ? .refusedHandshake : route
    }
}

extension Route {
    /// What handshakes take that match no route: refused as the reference does.
    fileprivate static let refusedHandshake = Route(method: .get, pattern: nil) { _, _ in
        .refusedHandshake
    }
}
