import CraneHTTP

extension Context {
    /// Whether the server's graceful shutdown has begun: what has no end of its own should end. Costs a load.
    public var isDraining: Bool { loop.isDraining }

    /// Returns when the server's graceful shutdown begins, at once when it has; throws `CancellationError` when the client has
    /// gone before.
    public func untilDraining() async throws { try await loop.untilDraining() }

    /// Runs `body` until its end, or until the server's graceful shutdown begins: then it is cancelled, and this returns when it
    /// has ended.
    ///
    /// ```swift
    /// StreamingResponse("text/event-stream") { writer in
    ///     try await context.cancelWhenDraining {
    ///         for await event in events { try await writer.write(event.bytes) }
    ///     }
    /// }
    /// ```
    /// A stream that waits in it ends whole, where the server would cut it off at the shutdown's deadline. Throws what `body`
    /// throws, but for the `CancellationError` of the shutdown. Costs two tasks, on the request's loop.
    public func cancelWhenDraining(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await loop.cancelWhenDraining(body)
    }
}

extension LoopServices {
    /// Runs `body` until its end, or until this loop drains: then it is cancelled, and this returns when it has ended.
    func cancelWhenDraining(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.untilDraining() }
            group.addTask { try await body() }
            // Whichever ends first ends the other.
            try await group.next()
            group.cancelAll()
            do {
                try await group.next()
            } catch is CancellationError {
                // As asked for.
            }
        }
    }
}
