import CraneHTTP
import CraneLoop
import CraneSystem
import Synchronization

extension Server {
    /// Begins the graceful shutdown, from any thread: no new connections, what runs is finished, then the loops end. A
    /// second call ends at once.
    ///
    /// - Parameter restarts: whether the server comes back at once: WebSockets are closed with 1012 rather than 1001, and
    ///   their clients may connect again without a pause.
    public func shutdown(restarts: Bool = false) {
        let (loops, isSecond) = running.withLock { running in
            defer { running.isShuttingDown = true }
            return (running.loops, running.isShuttingDown)
        }
        if !isSecond { configuration.onShutdown?() }
        for loop in loops {
            loop.events.execute { if isSecond { loop.stopNow() } else { loop.drain(restarts: restarts) } }
        }
    }

    /// Blocks the calling thread until every loop has ended, and lets signals have their ordinary effect again.
    ///
    /// On the main thread the main actor goes on running meanwhile, and so does `DispatchQueue.main`.
    /// - Parameter finish: what is left to do before they have it, on the calling thread.
    public func blockUntilStopped(_ finish: () -> Void = {}) {
        if running.withLock({ !$0.loops.isEmpty }) { MainQueue.serve { stopped.hasHappened } }
        let signals = joinLoops()
        cleanUpBlocking()
        finish()
        end(signals)
    }

    /// Waits until every loop has ended, and lets signals have their ordinary effect again; a task that is cancelled begins the
    /// graceful shutdown and waits for its end.
    public func waitUntilStopped() async {
        if running.withLock({ !$0.loops.isEmpty }) {
            await withTaskCancellationHandler {
                await stopped.waitRegardless()
            } onCancel: {
                shutdown()
            }
        }
        // The threads have nothing left to do.
        let signals = joinLoops()
        await cleanUp()
        end(signals)
    }

    /// Waits until the loops' threads are over, and hands over the signals', which is the caller's to end.
    private func joinLoops() -> SignalThread? {
        let (threads, signals) = running.withLock { running in
            defer { (running.threads, running.signals) = ([], nil) }
            return (running.threads, running.signals)
        }
        for thread in threads { thread.join() }
        return signals
    }

    private func end(_ signals: SignalThread?) {
        signals?.loop.stop()
        signals?.thread.join()
    }
}
