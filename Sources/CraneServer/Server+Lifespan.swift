import CraneHTTP
import CraneLoop
import Dispatch
import Logging
import Synchronization

extension Server {
    /// Runs the responder's set-up, binds every address and starts the loops; returns what was bound, with the ports that the system
    /// chose.
    ///
    /// Blocks the calling thread while the set-up waits; on the main thread the main actor goes on running meanwhile. What is waited
    /// for in a task is `run()`.
    @discardableResult
    public func start() throws(ServerError) -> [BindAddress] {
        guard let lifespan = responder.lifespan else { return try open() }
        if let error = Server.blocking({ try await lifespan.setUp() }) { throw Server.failedSetUp(error) }
        do {
            return try open()
        } catch {
            cleanUpBlocking()
            throw error
        }
    }

    /// The same in a task, which holds no thread.
    package func setUpAndOpen() async throws(ServerError) -> [BindAddress] {
        do {
            try await responder.lifespan?.setUp()
        } catch {
            throw Server.failedSetUp(error)
        }
        do {
            return try open()
        } catch {
            await cleanUp()
            throw error
        }
    }

    private static func failedSetUp(_ error: any Error) -> ServerError {
        ServerError(code: .cannotStart, description: "the set-up failed: \(error)")
    }

    /// Lets go of what the set-up has made; gives it up after the time that a graceful shutdown may take.
    func cleanUp() async {
        guard let lifespan = responder.lifespan else { return }
        let isOver = OneTimeEvent()
        let (deadline, logger) = (configuration.shutdownDeadline, logger)
        // In a task of its own, which is not cancelled with the one that waits.
        let work = Task {
            await lifespan.cleanUp()
            isOver.happen()
        }
        let timer = Task {
            try await Task.sleep(for: deadline)
            logger.warning("the clean-up is given up", metadata: ["after": "\(deadline)"])
            work.cancel()
            isOver.happen()
        }
        await isOver.waitRegardless()
        timer.cancel()
    }

    /// The same, for a thread that waits.
    func cleanUpBlocking() {
        guard responder.lifespan != nil else { return }
        _ = Server.blocking { await self.cleanUp() }
    }

    /// Runs the work on the process's own loop, and blocks the calling thread until it has ended; gives back what it threw.
    private static func blocking(_ work: @escaping @Sendable () async throws -> Void) -> (any Error)? {
        let loop: EventLoop
        do { loop = try EventLoop.shared() } catch { return error }
        let result = BlockedResult()
        loop.execute {
            loop.startTask {
                do { try await work() } catch { result.error.withLock { $0 = error } }
                result.isOver.happen()
                MainQueue.wake()
                result.ended.signal()
            }
        }
        MainQueue.serve { result.isOver.hasHappened }
        result.ended.wait()
        return result.error.withLock { $0 }
    }
}

/// What a blocked thread waits for.
private final class BlockedResult: Sendable {
    let isOver = OneTimeEvent()
    let ended = DispatchSemaphore(value: 0)
    let error = Mutex<(any Error)?>(nil)
}
