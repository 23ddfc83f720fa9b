import CraneHTTP
import Logging
import Synchronization

extension WebSocket {
    /// The work of the connection's task: it runs the handler, then closes what that has left open.
    ///
    /// A task's frames are held as long as the connection is open, and all of an idle one fit into the first kilobyte that the task is
    /// given. So what does not wait for the client stands in functions of its own.
    func work(
        _ context: Context, _ handler: @escaping @Sendable (WebSocket, Context) async throws -> Void
    ) -> @Sendable () async -> Void {
        { [self] in
            begin()
            do {
                try await handler(self, context)
                await end(context, nil)
            } catch {
                await end(context, error)
            }
        }
    }

    /// The server cancels the handler's task with the connection, whose end a reader hears of anyway: so the handler needs no
    /// cancellation handler, neither one for all messages nor one for each.
    private func begin() { setHandlerTask(WebSocket.currentTask) }

    private func setHandlerTask(_ task: UInt?) {
        state.withLock { $0.handlerTask = task }
    }

    @inline(never)
    private func end(_ context: Context, _ error: (any Error)?) async {
        setHandlerTask(nil)
        let closure = error.map { WebSocket.closure(for: $0, context) } ?? WebSocketClosure(.normal)
        if let error { context.failed(with: error) }
        await close(closure.code, reason: closure.reason)
    }

    private static func closure(for error: any Error, _ context: Context) -> WebSocketClosure {
        switch error {
        case let error as WebSocketError:
            return WebSocketClosure(error.code, error.reason)
        case is CancellationError where Task.isCancelled:
            return WebSocketClosure(.goingAway)
        default:
            context.logger.error(
                "unexpected error", metadata: ["error": "\(error)", "route": "\(context.route ?? "-")"])
            return WebSocketClosure(.internalError)
        }
    }
}
