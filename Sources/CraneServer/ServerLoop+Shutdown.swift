import CraneHTTP
import CraneLoop
import Logging
import Synchronization

// The graceful shutdown, and the end.
extension ServerLoop {
    /// A whole backlog of connections is accepted in so many turns.
    private static let pollsBeforeIdleClose = 80

    /// Begins the graceful shutdown: what runs is finished, what idles is closed.
    func drain(restarts: Bool) {
        guard !isDraining else { return }
        self.restarts = restarts
        beginDraining()
        for listener in listeners { listener.admitNoMore() }
        // Here requests that have reached the kernel may not have been read yet.
        pollsUntilIdleClose = ServerLoop.pollsBeforeIdleClose
        events.execute {}
        let deadline = configuration.shutdownDeadline
        events.startTask { [self] in
            try? await events.sleep(for: deadline)
            guard !isStopped else { return }
            logger.warning(
                "shutdown deadline passed",
                metadata: ["connections": "\(connections.count)", "background": "\(background)"])
            stopNow()
        }
    }

    private func beginDraining() {
        drains.store(true, ordering: .relaxed)
        draining.happen()
    }

    /// Stops listening and closes what idles once nothing waits to be accepted, after the last poll at the latest.
    func closeIdleSoon() {
        pollsUntilIdleClose -= 1
        if pollsUntilIdleClose > 0,
            pollsUntilIdleClose > ServerLoop.pollsBeforeIdleClose - 2
                || listeners.contains(where: \.hasWaitingConnections)
        {
            events.execute {}
            return
        }
        pollsUntilIdleClose = 0
        for listener in listeners { listener.close() }
        listeners = []
        undrained = connections.count
        drainSome()
        stopWhenDone()
    }

    /// Tells some of the connections of the shutdown: thousands would hold the turn.
    func drainSome() {
        var number = 0
        // From the end: one that goes is replaced by the last, which has been told.
        while undrained > 0, number < 256 {
            undrained = min(undrained, connections.count) - 1
            if undrained >= 0 { connections[undrained].drain() }
            number += 1
        }
        if undrained > 0 { events.wake() }
    }

    /// Ends everything at once.
    func stopNow() {
        guard !isStopped else { return }
        isStopped = true
        beginDraining()
        for listener in listeners { listener.close() }
        listeners = []
        for connection in connections { connection.abort() }
        events.stop()
    }

    /// Something begins that a graceful shutdown waits for, though its connection may be closed; `endWork` says when it is over.
    func beginWork() { background += 1 }

    func endWork() {
        background -= 1
        stopWhenDone()
    }

    func stopWhenDone() {
        guard isDraining, !isStopped, listeners.isEmpty, connections.isEmpty, background == 0 else { return }
        isStopped = true
        events.stop()
    }
}
