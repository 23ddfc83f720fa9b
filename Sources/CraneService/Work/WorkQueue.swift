public import Crane
import Synchronization

/// Runs blocking work off the loops, at most one piece a place; those that wait for one hold no worker thread.
///
/// Clients get their turn one after the other, whatever each has waiting; a client is what `PeerAddress.subscriber` says.
/// Beyond the bound the one who has most waiting loses what came last, or else the newcomer: `WorkersBusy`, which is
/// answered 503 with Retry-After.
public final class WorkQueue: Sendable {
    private struct Waiter {
        let ticket: Int
        let isPromised: Bool
        let turn: CheckedContinuation<Int, any Error>
    }

    /// What a client has waiting, in the order of its coming.
    private struct Line {
        let client: IPAddress
        var waiters: [Waiter]
    }

    private struct State {
        var free: [Int]
        /// The client whose turn is next comes first; none is empty.
        var lines: [Line] = []
        var waiting = 0
        /// Work that was promised a place to wait and has not come yet.
        var promised = 0
        /// Nothing waits any more but what was promised.
        var isClosing = false
    }

    private let state: Mutex<State>
    private let tickets = Atomic<Int>(0)
    private let bound: Int

    /// - Parameters:
    ///   - places: what the work is told apart by; there is one piece at a time in each.
    ///   - bound: how many wait for a place.
    public init(places: Range<Int>, waiting bound: Int) {
        state = Mutex(State(free: Array(places)))
        self.bound = bound
    }

    /// Refuses what waits and was not promised, now and from now on: who comes next has a free place or none.
    ///
    /// For the end of the service, which would otherwise wait for one long piece of work after the other.
    public func refuseWaiting() {
        let refused = state.withLock { state -> [Waiter] in
            state.isClosing = true
            var refused: [Waiter] = []
            for index in state.lines.indices {
                refused += state.lines[index].waiters.filter { !$0.isPromised }
                state.lines[index].waiters.removeAll { !$0.isPromised }
            }
            state.lines.removeAll { $0.waiters.isEmpty }
            state.waiting -= refused.count
            return refused
        }
        for waiter in refused { waiter.turn.resume(throwing: WorkersBusy()) }
    }

    /// How many wait for a place.
    public var waiting: Int { state.withLock { $0.waiting } }

    /// Does the work on a worker thread, with the place that it was given, when its turn has come.
    ///
    /// Work that has begun is told by its second argument when nobody waits for it any more.
    /// Throws `WorkersBusy` when too many wait, `CancellationError` when the task is cancelled while it waits, and what
    /// `work` throws.
    public func run<Value: Sendable>(
        on loop: any LoopServices, for client: PeerAddress,
        _ work: @escaping @Sendable (Int, Cancellation) throws -> Value
    ) async throws -> Value {
        try await run(on: loop, for: client, isPromised: false, work)
    }

    /// Promises that a piece of work will be done, to be handed to `runPromised` once; throws `WorkersBusy` when too many wait.
    public func promise() throws {
        try state.withLock { state in
            guard state.waiting + state.promised < bound else { throw WorkersBusy() }
            state.promised += 1
        }
    }

    /// Does work that was promised: it is never refused.
    public func runPromised(
        on loop: any LoopServices, for client: PeerAddress,
        _ work: @escaping @Sendable (Int, Cancellation) throws -> Void
    ) async throws {
        try await run(on: loop, for: client, isPromised: true, work)
    }

    private func run<Value: Sendable>(
        on loop: any LoopServices, for client: PeerAddress, isPromised: Bool,
        _ work: @escaping @Sendable (Int, Cancellation) throws -> Value
    ) async throws -> Value {
        let place = try await enter(client, isPromised)
        defer { leave(place) }
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await loop.blocking { try work(place, cancellation) }
        } onCancel: {
            cancellation.happen()
        }
    }

    private func enter(_ client: PeerAddress, _ isPromised: Bool) async throws -> Int {
        let ticket = tickets.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { turn in
                let (refused, answer) = state.withLock { state in
                    enter(
                        Waiter(ticket: ticket, isPromised: isPromised, turn: turn), client.subscriber, &state)
                }
                refused?.turn.resume(throwing: WorkersBusy())
                if let answer { turn.resume(with: answer) }
            }
        } onCancel: {
            withdraw(ticket)
        }
    }

    /// Who loses a place to wait by this, and what the newcomer is told at once.
    private func enter(
        _ waiter: Waiter, _ client: IPAddress, _ state: inout State
    ) -> (refused: Waiter?, answer: Result<Int, any Error>?) {
        if waiter.isPromised { state.promised -= 1 }
        // A cancellation that came first has found nobody to take out.
        if Task.isCancelled { return (nil, .failure(CancellationError())) }
        if let place = state.free.popLast() { return (nil, .success(place)) }
        if state.isClosing, !waiter.isPromised { return (nil, .failure(WorkersBusy())) }
        let own = state.lines.firstIndex { $0.client == client }
        var refused: Waiter?
        if !waiter.isPromised, state.waiting + state.promised >= bound {
            let longest = state.lines.indices.max {
                state.lines[$0].waiters.count < state.lines[$1].waiters.count
            }
            let ownCount = own.map { state.lines[$0].waiters.count } ?? 0
            guard let longest, state.lines[longest].waiters.count > ownCount + 1 else {
                return (nil, .failure(WorkersBusy()))
            }
            // It has two at least, and so keeps its turn.
            refused = state.lines[longest].waiters.removeLast()
            state.waiting -= 1
        }
        if let own {
            state.lines[own].waiters.append(waiter)
        } else {
            state.lines.append(Line(client: client, waiters: [waiter]))
        }
        state.waiting += 1
        return (refused, nil)
    }

    private func withdraw(_ ticket: Int) {
        let waiter = state.withLock { state -> Waiter? in
            for index in state.lines.indices {
                guard let place = state.lines[index].waiters.firstIndex(where: { $0.ticket == ticket }) else {
                    continue
                }
                state.waiting -= 1
                defer { if state.lines[index].waiters.isEmpty { state.lines.remove(at: index) } }
                return state.lines[index].waiters.remove(at: place)
            }
            return nil
        }
        waiter?.turn.resume(throwing: CancellationError())
    }

    private func leave(_ place: Int) {
        let next = state.withLock { state -> Waiter? in
            guard !state.lines.isEmpty else {
                state.free.append(place)
                return nil
            }
            var line = state.lines.removeFirst()
            let next = line.waiters.removeFirst()
            if !line.waiters.isEmpty { state.lines.append(line) }
            state.waiting -= 1
            return next
        }
        next?.turn.resume(returning: place)
    }
}
