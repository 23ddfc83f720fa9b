public import CraneHTTP
public import CraneSchema
import Synchronization

/// The client's end of an event stream. Several tasks may send: one event goes out behind the other.
public final class EventWriter: Sendable {
    /// What the browser has seen last, when it comes back (`Last-Event-ID`); `nil` for one that comes anew.
    public let lastEventID: String?
    private let writer: any ResponseWriter
    private let turns = WriteTurns()
    private let sent = Atomic(0)

    init(_ writer: any ResponseWriter, lastEventID: String?) {
        self.writer = writer
        self.lastEventID = lastEventID
    }

    /// Sends an event, and waits while the client is behind; throws `CancellationError` when it has gone.
    public func send(_ event: ServerSentEvent) async throws { try await write(event.bytes) }

    /// Sends a text.
    ///
    /// - Parameters:
    ///   - data: what the page is given, line by line.
    ///   - name: what kind of event it is, for `addEventListener`; `message` without.
    ///   - id: what the browser says as `Last-Event-ID` when it comes back.
    public func send(_ data: String, name: String? = nil, id: String? = nil) async throws {
        try await send(ServerSentEvent(data, name: name, id: id))
    }

    /// Sends a value as JSON.
    ///
    /// - Parameters:
    ///   - value: what the page is given, as the text of its JSON.
    ///   - name: what kind of event it is, for `addEventListener`; `message` without.
    ///   - id: what the browser says as `Last-Event-ID` when it comes back.
    @_disfavoredOverload
    public func send<Value: SchemaRepresentable>(
        _ value: Value, name: String? = nil, id: String? = nil
    ) async throws {
        let json = Value.schema.encode(value)
        try await send(ServerSentEvent(String(decoding: json, as: UTF8.self), name: name, id: id))
    }

    /// Sends a comment, which no script sees.
    public func comment() async throws { try await write(ServerSentEvent.comment) }

    private func write(_ bytes: [UInt8]) async throws {
        await turns.take()
        defer { turns.release() }
        sent.add(1, ordering: .relaxed)
        try await writer.write(bytes)
    }

    /// Sends a comment whenever nothing else was sent for a while.
    func beat(every interval: Duration, _ loop: any LoopServices) async throws {
        var last = sent.load(ordering: .relaxed)
        while true {
            try await loop.sleep(for: interval)
            let now = sent.load(ordering: .relaxed)
            // What waits for the client to read is more than a comment.
            if now == last, turns.takeIfFree() {
                defer { turns.release() }
                try await writer.write(ServerSentEvent.comment)
            }
            last = now
        }
    }
}

/// Lets tasks write one after the other, in the order in which they asked.
private final class WriteTurns: Sendable {
    private struct State {
        var isTaken = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Waits for the turn; no longer than the writes before it, which a client that goes ends.
    func take() async {
        if takeIfFree() { return }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isTaken { state.waiters.append(continuation) }
                defer { state.isTaken = true }
                return !state.isTaken
            }
            if isFree { continuation.resume() }
        }
    }

    func takeIfFree() -> Bool {
        state.withLock { state in
            defer { state.isTaken = true }
            return !state.isTaken
        }
    }

    /// Gives the turn to whoever has waited longest.
    func release() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiters.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.resume()
    }
}
