public import CraneHTTP
import HTTPTypes
import Synchronization

/// Lets few requests through at a time: the others wait for their turn, for a while and up to a number.
///
/// ```swift
/// app.post("/thumbnails", Upload("image")) { … }.middleware(ConcurrencyLimit(4))
/// ```
/// Beyond that they are answered 503 with `Retry-After`. Turns are given in the order of arrival, over all loops. A request has its place
/// until its response's head is known; a stream goes on behind it.
public struct ConcurrencyLimit: Middleware {
    private let places: Places
    private let patience: Duration
    private let retryAfter: String

    /// - Parameters:
    ///   - limit: requests at a time, at least 1.
    ///   - waiting: how many may wait beyond them.
    ///   - patience: how long one may wait.
    ///   - retryAfter: seconds after which a client that was refused should come back.
    public init(_ limit: Int, waiting: Int = 64, patience: Duration = .seconds(10), retryAfter: Int = 1) {
        precondition(limit >= 1 && waiting >= 0, "a limit lets one request through at least")
        places = Places(limit, waiting: waiting)
        self.patience = patience
        self.retryAfter = String(retryAfter)
    }

    public func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        guard try await places.enter(within: patience, on: context.loop) else {
            throw HTTPError(.serviceUnavailable, headers: [.retryAfter: retryAfter])
        }
        defer { places.leave() }
        return await next(request, context)
    }
}

/// Places that are taken in turn.
private final class Places: Sendable {
    private struct State {
        var free: Int
        /// Whoever waits, in the order of arrival.
        var waiting: [Turn] = []
    }

    private let state: Mutex<State>
    private let bound: Int

    init(_ count: Int, waiting bound: Int) {
        state = Mutex(State(free: count))
        self.bound = bound
    }

    /// Takes a place; false where too many wait, or none is free in time. Throws `CancellationError` when the client has gone.
    func enter(within patience: Duration, on loop: any LoopServices) async throws -> Bool {
        let turn = state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return Turn(isGranted: true)
            }
            if state.waiting.count >= bound { return Turn(isGranted: false) }
            let turn = Turn()
            state.waiting.append(turn)
            return turn
        }
        if let isGranted = turn.outcome { return isGranted }
        let isGranted = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Ends early when the turn has come, or the client has gone.
                try? await loop.sleep(for: patience)
                self.withdraw(turn)
            }
            let isGranted = await turn.wait()
            group.cancelAll()
            return isGranted
        }
        if Task.isCancelled {
            if isGranted { leave() }
            throw CancellationError()
        }
        return isGranted
    }

    private func withdraw(_ turn: Turn) {
        let isWaiting = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0 === turn }) else { return false }
            state.waiting.remove(at: index)
            return true
        }
        if isWaiting { turn.resolve(false) }
    }

    func leave() {
        let next = state.withLock { state -> Turn? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resolve(true)
    }
}

/// Whether somebody gets a place, once that is known.
private final class Turn: Sendable {
    private struct State {
        var outcome: Bool?
        var waiter: CheckedContinuation<Bool, Never>?
    }

    private let state: Mutex<State>

    init(isGranted: Bool? = nil) {
        state = Mutex(State(outcome: isGranted))
    }

    var outcome: Bool? { state.withLock { $0.outcome } }

    /// Tells the outcome; once.
    func resolve(_ isGranted: Bool) {
        let waiter = state.withLock { state in
            state.outcome = isGranted
            return state.waiter.take()
        }
        waiter?.resume(returning: isGranted)
    }

    /// Waits for the outcome; one task.
    func wait() async -> Bool {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.waiter = continuation }
                return state.outcome
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }
}
