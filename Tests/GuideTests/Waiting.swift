// The examples of Docs/Guide/Waiting.md.
import Crane
import CraneTesting
import Foundation
import Logging
import Synchronization
import Testing

func pingsApp(delay: Duration = .milliseconds(50)) -> App {
    var app = App(title: "Pings")

    // Blocks its loop: every other client of that loop waits.
    app.get("/terrible-ping") {
        block(for: delay)
        return ["pong": true]
    }

    // Blocks a worker thread.
    app.get("/good-ping", ContextInput()) { context in
        try await context.blocking { block(for: delay) }
        return ["pong": true]
    }

    // Blocks nothing.
    app.get("/perfect-ping", ContextInput()) { context in
        try await context.sleep(for: delay)
        return ["pong": true]
    }

    let squares = Squares()
    app.get("/square/{n}", Path("n", Int.self), ContextInput()) { n, context -> EventualResponse in
        if let known = squares.known(n) { return .ready(.json(known)) }
        return .pending { .json(try await context.blocking { squares.work(out: n) }) }
    }
    return app
}

private final class Squares: Sendable {
    private let kept = Mutex<[Int: Int]>([:])

    func known(_ number: Int) -> Int? { kept.withLock { $0[number] } }

    func work(out number: Int) -> Int {
        kept.withLock { kept in
            kept[number] = number * number
            return number * number
        }
    }
}

private func block(for delay: Duration) {
    Thread.sleep(forTimeInterval: delay / .seconds(1))
}

/// Keeps the lines that would go to standard error.
private struct KeptLines: LogHandler {
    static let lines = Mutex<[String]>([])

    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let line = "\(event.level) crane: \(pairs.joined(separator: " ")) [\(event.source)] \(event.message)"
        Self.lines.withLock { $0.append(line) }
    }
}

@Suite("Docs/Guide/Waiting.md")
struct WaitingChapter {
    @Test("shows the line that names a handler which holds its loop")
    func line() async throws {
        var app = pingsApp(delay: .milliseconds(200))
        app.logger = Logger(label: "crane") { _ in KeptLines() }
        try await TestClient.live(app) { (client) async throws in
            #expect(try await client.get("/terrible-ping").status == .ok)
        }
        let block = try #require(try Document("Docs/Guide/Waiting.md").blocks(of: "console").first)
        let lines = KeptLines.lines.withLock { $0 }
        #expect(lines.contains { ShellStep.matches($0, block.text) }, "\(lines)")
    }
}
