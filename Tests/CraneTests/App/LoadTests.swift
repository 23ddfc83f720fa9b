import CraneTesting
import HTTPTypes
import Synchronization
import Testing

@testable import Crane

@Suite("Limits on what runs", .timeLimit(.minutes(5)))
struct LoadTests {
    /// Tells when something begins, and holds it until it may end.
    private final class Gate: Sendable {
        private let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        private let (opened, opening) = AsyncStream.makeStream(of: Void.self)

        /// A piece of work: it has begun, and waits to be let out.
        func pass() async throws {
            beginning.yield()
            for await _ in opened { return }
            throw CancellationError()
        }
        func waitForBeginning() async { for await _ in begun { return } }
        func letOut() { opening.yield() }
    }

    @Test("a handler that takes too long is cancelled and answered for")
    func timeout() async throws {
        let notes = Notes()
        var app = App(logger: quiet)
        app.get("/slow", ContextInput()) { context in
            do {
                try await context.sleep(for: .seconds(3600))
            } catch {
                notes.add("cancelled \(Task.isCancelled)")
                throw error
            }
            return "late"
        }.middleware(Timeout(.milliseconds(1), status: .gatewayTimeout))
        app.get("/quick") { "quick" }.middleware(Timeout(.seconds(3600)))
        app.get("/broken", ContextInput()) { context in
            try await context.sleep(for: .milliseconds(1))
            throw HTTPError(.conflict, "broken")
        }.middleware(Timeout(.seconds(3600)))
        let client = TestClient(app)
        let late = try await client.get("/slow")
        #expect(late.status == .gatewayTimeout && late.text == #"{"detail":"Gateway Timeout"}"#)
        #expect(notes.all == ["cancelled true"])
        #expect(try await client.get("/quick").text == #""quick""#)
        #expect(try await client.get("/broken").status == .conflict)
    }

    private static func app(_ gate: Gate, _ limit: ConcurrencyLimit) -> TestClient {
        var app = App(logger: quiet)
        app.get("/") {
            try await gate.pass()
            return "done"
        }.middleware(limit)
        return TestClient(app)
    }

    @Test("few requests run at a time, and others wait in turn")
    func concurrency() async throws {
        let gate = Gate()
        let client = Self.app(gate, ConcurrencyLimit(1, waiting: 1, patience: .seconds(3600)))
        async let first = client.get("/")
        await gate.waitForBeginning()
        async let second = client.get("/")
        // The first goes on while the second waits, or before it has come: it gets its turn in both cases.
        gate.letOut()
        #expect(try await first.status == .ok)
        await gate.waitForBeginning()
        gate.letOut()
        #expect(try await second.status == .ok)
        // All places are free again.
        gate.letOut()
        #expect(try await client.get("/").status == .ok)
    }

    @Test("without room to wait a request is refused at once, and told when to come back")
    func refused() async throws {
        let gate = Gate()
        let client = Self.app(gate, ConcurrencyLimit(1, waiting: 0, retryAfter: 7))
        async let first = client.get("/")
        await gate.waitForBeginning()
        let refused = try await client.get("/")
        #expect(refused.status == .serviceUnavailable && refused.headers[.retryAfter] == "7")
        gate.letOut()
        #expect(try await first.status == .ok)
    }

    @Test("who waits too long is refused, and who goes leaves no place taken")
    func patience() async throws {
        let gate = Gate()
        let client = Self.app(gate, ConcurrencyLimit(1, waiting: 8, patience: .milliseconds(1)))
        async let first = client.get("/")
        await gate.waitForBeginning()
        #expect(try await client.get("/").status == .serviceUnavailable)
        let gone = Task { try await client.get("/") }
        gone.cancel()
        #expect(try await gone.value.status == .serviceUnavailable)
        gate.letOut()
        #expect(try await first.status == .ok)
        gate.letOut()
        #expect(try await client.get("/").status == .ok)
    }
}
