import Synchronization

/// Whether a service should be sent requests: not while it drains, nor when what it stands on does not work.
///
/// ```swift
/// let readiness = Readiness("database not writable") { try await database.write { … } }
/// ```
public final class Readiness: Sendable {
    public enum State: Hashable, Sendable {
        case ready
        case draining
        /// Something does not work; the text says what.
        case failing(String)

        /// As `/readyz` says it.
        var text: String {
            switch self {
            case .ready: "ready"
            case .draining: "draining"
            case .failing(let what): what
            }
        }
    }

    private struct Probe {
        var began: ContinuousClock.Instant?
        var isRunning = false
        var succeeded = true
    }

    private let isDraining = Atomic(false)
    private let probe = Mutex(Probe())
    private let failure: String
    private let check: @Sendable () async throws -> Void
    private let lifetime: Duration
    private let patience: Duration

    /// - Parameters:
    ///   - failure: what `/readyz` says when the check has failed.
    ///   - lifetime: how long a response counts; however often one asks, it is checked no more often.
    ///   - patience: how long a check may take, and so a response.
    ///   - check: throws when the service does not work, as a write that its database refuses.
    public init(
        _ failure: String, lifetime: Duration = .seconds(1), patience: Duration = .seconds(5),
        check: @escaping @Sendable () async throws -> Void
    ) {
        self.failure = failure
        self.lifetime = lifetime
        self.patience = patience
        self.check = check
    }

    /// That of a service which works as long as it runs.
    public convenience init() {
        self.init("") {}
    }

    /// From now on the service is not ready; any thread.
    public func beginDraining() {
        isDraining.store(true, ordering: .relaxed)
    }

    /// The state of now; checks when the last response is too old, and waits for it.
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
        if let known { return known ? .ready : .failing(failure) }
        return await firstAnswer() ? .ready : .failing(failure)
    }

    /// What the check says, or no when it takes too long.
    ///
    /// It runs in a task of its own: whoever has asked may go, and the response counts for others.
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
            try await check()
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
