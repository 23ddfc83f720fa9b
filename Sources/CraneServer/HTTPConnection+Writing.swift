import CraneHTTP
import CraneLoop

// Output, and the end once it has gone.
extension HTTPConnection {
    /// The buffer that answers are put into until the next flush.
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
            // What is added to what waits begins no new term.
            writeProgress += output.count
            watchWriting()
        } else if phase == .halfClosed {
            watchHalfClosed()
        }
        upgraded?.didFlush()
    }

    /// Waits until the socket has taken what was queued.
    func waitForRoom() async {
        guard isOpen else { return }
        // The client reads as fast as it is written to: everybody else on the loop has a turn in between.
        guard queuedBytes > 0 else { return await loop.nextTurn() }
        await unsafe withUnsafeContinuation { unsafe drainWaiters.append($0) }
    }

    func resumeDrainWaiters() {
        guard unsafe !drainWaiters.isEmpty else { return }
        let waiters = unsafe drainWaiters
        unsafe drainWaiters = []
        for index in unsafe waiters.indices { unsafe waiters[index].resume() }
    }

    /// Whether the client has read as fast as it must in this term.
    func hasTakenEnough() -> Bool {
        let rate = UInt64(max(0, server.configuration.minimumResponseRate))
        return writeProgress - unsentBytes >= max(1, Int(clamping: server.times.write * rate / 1000))
    }

    /// The socket has not taken everything: the client has a term to take its share, if none has begun.
    func watchWriting() {
        if let upgraded, unsafe !upgraded.isClosing { return upgraded.watchWriting() }
        if phase != .writing { beginWriteTerm() }
    }

    func beginWriteTerm() {
        writeProgress = unsentBytes
        set(.writing, after: server.times.write)
    }

    /// The client has closed its sending side, and nothing waits to be taken by it: the handler has a while to write something.
    func watchHalfClosed() {
        phaseEnd = loop.now + server.times.halfClose
        setHalfClosed()
    }

    private func setHalfClosed() {
        // In between it is looked whether there is still somebody.
        set(.halfClosed, after: min(phaseEnd - loop.now, 1000))
    }

    func checkHalfClosed() {
        guard !isBroken else { return abort() }
        guard phaseEnd <= loop.now else { return setHalfClosed() }
        // Nothing more is served in a task that has been cancelled.
        closesAfterAnswer = true
        phase = .serving
        task?.cancel()
    }

    /// Ends the connection once all output has gone; lingers when the client may still be sending, lest a reset
    /// destroy the answer before it is read (RFC 9112, section 9.6).
    func closeWhenWritten() {
        guard phase != .lingering else { return }
        flush()
        guard isOpen else { return }
        guard queuedBytes == 0 else {
            watchWriting()
            // It may send on before it reads.
            if !inputEnded { startReading() }
            return
        }
        // Nothing of it is left to be cut.
        endsAnswer = false
        guard !inputEnded, mayReceiveMore || pending != nil || server.isDraining else { return close() }
        shutdownWriting()
        body?.fail(.aborted)
        releaseBuffers()
        startReading()
        let isShort = isTooMany || server.isDraining
        phaseEnd = loop.now + (isShort ? server.times.shortLinger : server.times.linger)
        setLingering()
    }

    private func setLingering() {
        set(.lingering, after: min(phaseEnd - min(phaseEnd, loop.now), server.times.lingerSilence))
    }

    /// The client goes on sending behind its last answer: it may be about to read that.
    func throwAway(_ count: Int) {
        thrownAway += count
        guard thrownAway <= server.configuration.lingerBytes else { return close() }
        setLingering()
    }

    /// A shutdown does not wait for it.
    func lingerShortly() {
        phaseEnd = min(phaseEnd, loop.now + server.times.shortLinger)
        setLingering()
    }
}
