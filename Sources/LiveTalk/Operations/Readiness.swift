import Synchronization

/// Whether this service should be sent requests: not while it drains, nor when its database cannot be written.
public final class Readiness: Sendable {
    public enum State: String, Sendable {
        case ready
        case draining
        case databaseNotWritable = "database not writable"
    }

    private struct Probe {
        var began: ContinuousClock.Instant?
        var isRunning = false
        var succeeded = true
    }

    private let isDraining = Atomic(false)
    private let probe = Mutex(Probe())
    private let write: @Sendable () async throws -> Void
    private let lifetime: Duration
    private let patience: Duration

    /// - Parameters:
    ///   - lifetime: how long an answer of the database counts; however often one asks, it is written no more often.
    ///   - patience: how long a write may take, and so an answer.
    ///   - write: writes to the database.
    init(
        lifetime: Duration = .seconds(1), patience: Duration = .seconds(5),
        write: @escaping @Sendable () async throws -> Void
    ) {
        self.lifetime = lifetime
        self.patience = patience
        self.write = write
    }

    /// From now on the service is not ready; any thread.
    public func beginDraining() {
        isDraining.store(true, ordering: .relaxed)
    }

    /// The state of now; writes to the database when the last answer is too old, and waits for it.
    public func state() async -> State {
        if isDraining.load(ordering: .relaxed) { return .draining }
        let known: Bool? = probe.withLock { probe in
            let now = ContinuousClock.now
            if let began = probe.began {
                if probe.isRunning { return probe.succeeded && began.duration(to: now) < patience }
                if began.duration(to: now) < lifetime { return probe.succeeded }
            }
            probe.began = now
            probe.isRunning = true
            return nil
        }
        if let known { return known ? .ready : .databaseNotWritable }
        return await firstAnswer() ? .ready : .databaseNotWritable
    }

    /// What the write says, or no when it takes too long.
    ///
    /// It runs in a task of its own: whoever has asked may go, and the answer counts for others.
    private func firstAnswer() async -> Bool {
        let (answers, answer) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingOldest(1))
        Task { answer.yield(await succeeds()) }
        let timer = Task { [patience] in
            try await Task.sleep(for: patience)
            answer.yield(false)
        }
        defer { timer.cancel() }
        for await succeeded in answers { return succeeded }
        return false
    }

    private func succeeds() async -> Bool {
        let succeeded: Bool
        do {
            try await write()
            succeeded = true
        } catch {
            succeeded = false
        }
        probe.withLock { probe in
            probe.isRunning = false
            probe.succeeded = succeeded
        }
        return succeeded
    }
}
