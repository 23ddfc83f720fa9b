import CraneHTTP
import Logging
import Synchronization

extension WebSocket {
    // What does not wait stands in functions of its own: a frame that waits is held as long as the connection is open.

    @inline(never)
    convenience init(
        opening stream: any UpgradedStream, options: WebSocketOptions, subprotocol: String?,
        deflate: DeflateAgreement?
    ) {
        self.init(stream: stream, options: options, subprotocol: subprotocol, deflate: deflate)
        open()
    }

    /// Runs the handler, then closes what it has left open.
    func run(_ context: Context, _ body: (WebSocket) async throws -> Void) async {
        let closure: WebSocketClosure
        do {
            try await withTaskCancellationHandler {
                // One handler for all messages: to enter and leave one costs as much as to read a frame.
                setHandlerTask(WebSocket.currentTask)
                defer { setHandlerTask(nil) }
                try await body(self)
            } onCancel: {
                giveUpWaiting(asHandler: true)
            }
            closure = WebSocketClosure(.normal)
        } catch {
            closure = WebSocket.closure(for: error, context)
            context.failed(with: error)
        }
        await close(closure.code, reason: closure.reason)
    }

    private func setHandlerTask(_ task: UInt?) {
        state.withLock { $0.handlerTask = task }
    }

    @inline(never)
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
