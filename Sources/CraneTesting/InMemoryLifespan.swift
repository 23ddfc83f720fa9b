import Crane
import Synchronization

/// The set-up, background work and clean-up of an application that is tested without a server.
final class InMemoryLifespan: Sendable {
    private let lifespan: (any Lifespan)?
    private let loop = InProcessLoop()
    private let hasEnded = Atomic(false)

    init(_ responder: AppResponder) {
        lifespan = responder.lifespan
    }

    /// Whoever forgets the client has what it made let go of nevertheless.
    deinit {
        guard let lifespan, !hasEnded.load(ordering: .relaxed) else { return }
        loop.beginDraining()
        Task { [loop] in
            await loop.finish()
            await lifespan.cleanUp()
        }
    }

    /// Runs the set-up and starts the background work; once, whoever asks.
    func begin() async throws {
        guard let lifespan else { return }
        try await lifespan.setUp()
        lifespan.startBackgroundWork(on: loop)
    }

    /// Ends the background work, waits for it and cleans up.
    func end() async {
        guard let lifespan, !hasEnded.exchange(true, ordering: .relaxed) else { return }
        loop.beginDraining()
        await loop.finish()
        await lifespan.cleanUp()
    }
}
