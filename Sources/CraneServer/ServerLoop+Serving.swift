import CraneHTTP
import CraneLoop

// Connections one after the other, each with its share of a turn.
extension ServerLoop {
    /// Has `connection` served when the system has nothing more ready to be read.
    func enqueue(_ connection: HTTPConnection) { ready.append(connection) }

    /// Has `connection`, which has had its share of this turn, served further in the next.
    func enqueueUnfinished(_ connection: HTTPConnection) {
        unfinished.append(connection)
        events.wake()
    }

    /// Serves what this turn has read until its share of time is used up, in plain calls as long as every response is ready.
    ///
    /// A task costs as much as a whole parser: so one begins only with a connection whose handler is asynchronous, and goes on with
    /// the others, on this function's stack. When a handler waits, the task stays with that connection, and what is left is served
    /// here as before.
    func serveReady() {
        unfinishedInTurn = unfinished.count
        if hasNext { events.beginSlice() }
        while let waiting = nextThatWaits() {
            let turn = turn
            let task = events.startTask { [self] in await serve(turn, waiting) }
            self.turn = turn &+ 1
            guard let connection = serving else { continue }
            serving = nil
            connection.suspended(in: task)
        }
        if !ready.isEmpty || !unfinished.isEmpty { events.wake() }
        if pollsUntilIdleClose > 0 { closeIdleSoon() }
        if undrained > 0 { drainSome() }
    }

    /// Whether a connection has a share in what is left of this turn. The first always has.
    private var hasNext: Bool { (!ready.isEmpty || unfinishedInTurn > 0) && !events.isTurnOver }

    private func next() -> HTTPConnection? {
        if !ready.isEmpty { return ready.removeFirst() as? HTTPConnection }
        unfinishedInTurn -= 1
        return unfinished.removeFirst() as? HTTPConnection
    }

    /// Goes from connection to connection until a handler has waited: by then the rest is served without this task.
    private func serve(_ turn: UInt64, _ first: WaitingExchange) async {
        var next: WaitingExchange? = first
        while let waiting = next {
            serving = waiting.connection
            await waiting.connection.serve(waiting)
            guard turn == self.turn else { return }
            serving = nil
            next = nextThatWaits()
        }
    }

    /// Serves connections as long as every response is ready; gives back the first exchange that needs a task.
    private func nextThatWaits() -> WaitingExchange? {
        while hasNext {
            guard let connection = next() else { continue }
            serving = connection
            let waiting = connection.serve()
            serving = nil
            if let waiting { return waiting }
        }
        return nil
    }

    /// Ends what ran without a wait for `request`, and tells the responder when it was too long. Returns its nanoseconds.
    @discardableResult
    func endSlice(of request: Request?) -> UInt64 {
        let held = events.endSlice()
        if held > blockedLoopThreshold { tell(request, held, 1) }
        return held
    }

    /// Ends a connection's share of a turn; a last request that was too long by itself has been told.
    func endShare(of request: Request, _ share: TurnShare) {
        if share.held > blockedLoopThreshold, share.last <= blockedLoopThreshold {
            tell(request, share.held, share.requests)
        }
    }

    @inline(never)
    func tell(_ request: Request?, _ held: UInt64, _ requests: Int) {
        responder.loopWasBlocked(by: request, for: .nanoseconds(held), requests: requests)
    }
}
