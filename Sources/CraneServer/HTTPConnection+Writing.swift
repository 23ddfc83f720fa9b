import CraneHTTP
import CraneLoop

// Output.
extension HTTPConnection {
    /// The buffer that responses are put into until the next flush.
    func writableOutput() -> OutputBuffer {
        if let output { return output }
        let taken = server.takeOutput()
        output = taken
        return taken
    }

    /// Flushes once everything that is ready has run.
    func scheduleFlush() {
        guard server.serving !== self, !flushIsDue else { return }
        flushIsDue = true
        loop.flushAfterDrain(self)
    }

    /// Hands the output to the socket.
    func flush() {
        flushIsDue = false
        guard let output else { return }
        self.output = nil
        defer { server.recycle(output) }
        guard isOpen, !output.isEmpty else { return }
        do {
            try unsafe write(output.bytes)
        } catch {
            return abort()
        }
        if queuedBytes > 0 {
            // It has been begun, so that nobody can be told: whoever reads too slowly in such times loses the connection.
            guard account() else { return abort() }
            on(.wrote(output.count, unsent: unsentBytes))
        } else if machine.isHalfClosed {
            on(.wrote(output.count, unsent: nil))
        }
        upgraded?.didFlush()
    }

    /// Flushes where nothing is being served, before the machine is told of something that may end the connection; false when
    /// that has broken it.
    func handOverOutput() -> Bool {
        if !machine.isServing, !machine.isUpgraded { flush() }
        return isOpen
    }

    /// Bytes that the socket has not taken, `nil` when it has taken all.
    var unsent: Int? { queuedBytes > 0 ? unsentBytes : nil }

    /// The connection is given up at once: whoever waits for it hears of it.
    func abort() { on(.aborted) }

    /// Waits until the socket has taken what was queued.
    func waitUntilWritable() async {
        guard isOpen else { return }
        // The client reads as fast as it is written to: everybody else on the loop has a turn in between.
        guard queuedBytes > 0 else { return await loop.nextTurn() }
        await unsafe withUnsafeContinuation { unsafe begin().drainWaiters.append($0) }
    }

    func resumeDrainWaiters() {
        guard let work, unsafe !work.drainWaiters.isEmpty else { return }
        let waiters = unsafe work.drainWaiters
        unsafe work.drainWaiters = []
        for index in unsafe waiters.indices { unsafe waiters[index].resume() }
    }
}
