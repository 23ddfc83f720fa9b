/// Holds whoever passes until it is opened.
final class Gate: Sendable {
    private let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    private let opened: Task<Void, Never>

    init() {
        let stream = stream
        opened = Task { for await _ in stream {} }
    }

    func pass() async { await opened.value }

    func open() { continuation.finish() }
}

/// Waits until a condition holds.
func until(_ condition: () throws -> Bool) async throws {
    while try !condition() { try await Task.sleep(for: .milliseconds(2)) }
}
