extension RouteCollection {
    /// Registers a WebSocket route whose inputs are read and checked by themselves, before the connection is accepted.
    ///
    /// ```swift
    /// app.webSocket("/rooms/{id}", Path("id", Int.self), Query("name", String.self)) { socket, id, name in
    ///     for await case .text(let text) in socket { try await socket.send("\(name) in \(id): \(text)") }
    /// }
    /// ```
    /// The handler runs the connection, and closes it by returning. Inputs at fault refuse the handshake with 403, as in the
    /// reference; what a dependency or a security scheme throws refuses it with its own response. Clean-ups and background
    /// tasks run when the connection has ended. A path may answer ordinary requests and WebSockets: the two do not meet, and a
    /// handshake for a path without such a route is refused with 403.
    /// - Parameters:
    ///   - path: the pattern of the path; see `get`.
    ///   - input: whatever a route of another kind takes, but no body.
    ///   - options: who may connect, with what bounds, and whether messages are compressed.
    ///   - handler: runs the connection.
    /// - Returns: the route, for its dependencies and middleware.
    @inlinable
    @discardableResult
    public mutating func webSocket<each Part: Input>(
        _ path: String, _ input: repeat each Part, options: WebSocketOptions = WebSocketOptions(),
        handler: @escaping @Sendable @concurrent (WebSocket, repeat (each Part).Value) async throws -> Void
    ) -> Route {
        let layout = ArgumentLayout(repeat each input)
        let rules = WebSocketRules(options)
        return added(
            Registration(handshake: path, Registration.list(repeat each input)) { request, context in
                let opening = try WebSocketOpening(request, rules)
                var inputs = Inputs(request, context)
                if inputs.needsPreparation { try await inputs.prepare() }
                guard var arguments = try await layout.arguments(from: &inputs) else { throw inputs.refusal }
                let values = (repeat arguments.take((each Part).Value.self))
                return context.changed(
                    opening.accepted(context) { socket, _ in try await handler(socket, repeat each values) })
            })
    }

    /// Registers a WebSocket route whose handler reads what it needs from the context.
    @discardableResult
    public mutating func webSocket(
        _ path: String, options: WebSocketOptions = WebSocketOptions(),
        handler: @escaping @Sendable (WebSocket, Context) async throws -> Void
    ) -> Route {
        // As above, less what the values' types cost: a frame that waits is held as long as the connection is open.
        let rules = WebSocketRules(options)
        return added(
            Registration(handshake: path, [ContextInput()]) { request, context in
                let opening = try WebSocketOpening(request, rules)
                var inputs = Inputs(request, context)
                try await inputs.prepare()
                try inputs.check()
                return context.changed(opening.accepted(context, handler))
            })
    }

    /// Registers a handler that answers the handshake itself, with `Response.webSocket` when it accepts.
    @discardableResult
    public mutating func onHandshake(_ path: String, handler: @escaping Handler) -> Route {
        added(Registration(handshake: path, handler: handler))
    }

    @usableFromInline
    mutating func added(_ registration: Registration) -> Route {
        let route = Route(registration)
        add(route)
        return route
    }
}
