import TestSupport

/// Holds tasks, not threads, until it is opened.
final class Latch: Sendable {
    private let journal = Journal<Void>()

    func open() { journal.note(()) }

    /// Waits; throws `CancellationError` when its task is cancelled.
    func pass() async throws { try await journal.wait(forCount: 1) }
}
