import CraneLoop
import Glibc
import TestSupport

/// A loop on a thread of its own.
final class RunningLoop: Sendable {
    let loop: EventLoop
    private let ended = Journal<Int32?>()

    init() throws {
        // A write to a closed socket is an error to test for, not the end of the tests.
        _ = signal(SIGPIPE, SIG_IGN)
        let loop = try EventLoop()
        self.loop = loop
        startThread { [ended] in
            loop.run()
            ended.note(loop.closeResult)
        }
    }

    /// Runs `body` on the loop's thread.
    func on<Value: Sendable>(_ body: @escaping @Sendable (EventLoop) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute { [loop] in continuation.resume(with: Result { try body(loop) }) }
        }
    }

    /// Runs `body` as a task of the loop.
    func task<Value: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws -> Value
    ) async throws -> Value {
        try await start(body).value
    }

    func start<Value: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws -> Value
    ) -> Task<Value, any Error> {
        Task(executorPreference: loop.executor) { [loop] in try await body(loop) }
    }

    /// Ends the loop and says what `uv_loop_close` returned: 0 when nothing was left open.
    func end() async throws -> Int32? {
        loop.stop()
        return try await ended.wait(forCount: 1)[0]
    }
}
