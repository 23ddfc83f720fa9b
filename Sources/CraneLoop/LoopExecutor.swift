import CLibUV
import CraneSystem
import Synchronization

/// Runs tasks on one event loop's thread.
///
/// A task executor only: one that is also a serial executor makes the runtime enqueue three times for each resumption.
/// An enqueue from the loop's own thread is an append to an array that keeps its room; one from another thread takes a
/// lock, and wakes the loop only when nothing else was waiting.
@safe
public final class LoopExecutor: TaskExecutor, @unchecked Sendable {
    // Any thread.
    private let remote = Mutex(Remote())
    /// libuv's wake-up, the one call of it that any thread may make; memory and life are the loop's.
    private let wakeup: UnsafeMutablePointer<uv_async_t>
    private let thread = Atomic<UInt>(0)
    /// Threads between their append and their wake-up, for which the loop's close waits.
    private let wakers = Atomic<Int>(0)

    // The loop's thread only.
    private let ready = Ring<UnownedJob>()
    private let calls = Ring<@Sendable () -> Void>()
    private let flushes = Ring<any Flushable>()
    private var isDraining = false
    /// Which of calls and jobs comes first: where a turn was over before its end, the other.
    @safe @exclusivity(unchecked) private var beginsWithJobs = false
    /// Jobs put in by the loop's own thread, and how often the loop was woken for others, for the tests that count them.
    package private(set) var localEnqueues = 0
    package private(set) var wakeUps = 0

    /// When the slice that runs began, and who is told of one that is too long.
    @safe @exclusivity(unchecked) var sliceStart: UInt64 = 0
    @safe @exclusivity(unchecked) var blockedReport:
        (threshold: UInt64, report: (UInt64, AnyObject?) -> Void) = (
            .max, { _, _ in }
        )
    @safe @exclusivity(unchecked) var sliceOwner: AnyObject?

    /// Nanoseconds that may run in a turn of the loop before the rest waits for the next.
    @safe @exclusivity(unchecked) var turnShare = UInt64(LoopExecutor.usualTurnShare)
    /// Nanoseconds that have run in this turn, as slices have counted them.
    @safe @exclusivity(unchecked) private var turnSpent: UInt64 = 0
    /// Whether this turn's share is used up: it was not before something had run.
    @safe @exclusivity(unchecked) private(set) var isTurnOver = false

    private struct Remote {
        var jobs: [UnownedJob] = []
        var calls: [@Sendable () -> Void] = []
        /// The loop has ended and its wake-up is gone: nothing more is taken.
        var isClosed = false
        var isEmpty: Bool { jobs.isEmpty && calls.isEmpty }
    }

    init(wakeup: UnsafeMutablePointer<uv_async_t>) {
        unsafe self.wakeup = wakeup
    }

    /// Whether the caller is on the loop's thread.
    @inline(__always)
    var isCurrent: Bool { thread.load(ordering: .relaxed) == currentThread() }

    /// Binds the executor to the calling thread.
    func attach() { thread.store(currentThread(), ordering: .relaxed) }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            localEnqueues &+= 1
            ready.append(job)
            return
        }
        // A task that comes back to a loop that has ended goes no further: no other thread may run it.
        put { $0.jobs.append(job) }
    }

    /// Runs `call` on the loop's thread, later in this turn or in the next; any thread. False when the loop has ended.
    @discardableResult
    func execute(_ call: @escaping @Sendable () -> Void) -> Bool {
        put { $0.calls.append(call) }
    }

    @discardableResult
    @inline(__always)
    private func put(_ add: (inout Remote) -> Void) -> Bool {
        let (isTaken, wakes) = remote.withLock { remote in
            guard !remote.isClosed else { return (false, false) }
            let wakes = remote.isEmpty
            add(&remote)
            if wakes { wakers.add(1, ordering: .relaxed) }
            return (true, wakes)
        }
        if wakes {
            unsafe uv_async_send(wakeup)
            wakers.subtract(1, ordering: .releasing)
        }
        return isTaken
    }

    /// Takes nothing more from now on, and returns whether that is so: not while something waits, unless it is `forced`.
    func close(forced: Bool) -> Bool {
        let isClosed = remote.withLock { remote in
            remote.isClosed = forced || remote.isEmpty
            return remote.isClosed
        }
        // A few instructions away from being done with the handle, which is about to go.
        while isClosed, wakers.load(ordering: .acquiring) > 0 { sched_yield() }
        return isClosed
    }

    /// Unbinds the executor from its thread, whose identity another one may get.
    func detach() { thread.store(0, ordering: .relaxed) }

    /// Has `flushable` flushed once everything that is ready has run.
    func flushAfterDrain(_ flushable: any Flushable) { flushes.append(flushable) }

    /// Has `work` done at the same time, before the flushes that come after it.
    func doAtTurnEnd(_ work: any TurnEndWork) { flushes.append(TurnEnd(work: work)) }

    /// Takes what other threads have put in, to be run by `drain`: the wake-up's callback.
    func takeRemote() {
        let taken = remote.withLock { remote in
            let taken = remote
            remote = Remote(isClosed: taken.isClosed)
            return taken
        }
        guard !taken.isEmpty else { return }
        wakeUps &+= 1
        for job in taken.jobs { ready.append(job) }
        for call in taken.calls { calls.append(call) }
    }

    // MARK: Turns

    /// Whether something waits for the loop's thread.
    private var hasWork: Bool { !ready.isEmpty || !flushes.isEmpty || !calls.isEmpty }

    /// A turn begins, with a share of its own.
    func beginTurn() {
        turnSpent = 0
        isTurnOver = false
    }

    /// Has the loop come round without waiting for its sockets.
    func wake() { unsafe uv_async_send(wakeup) }

    /// Counts what has run to this turn.
    @inline(__always)
    func spend(_ nanoseconds: UInt64) {
        turnSpent &+= nanoseconds
        if turnSpent >= turnShare { isTurnOver = true }
    }

    /// Serves the sockets and flushes, so that the next requests are on their way while other work is done.
    func serve(_ sockets: () -> Void) {
        isDraining = true
        sockets()
        flush()
        isDraining = false
    }

    /// Runs what is ready, and what that makes ready, then flushes.
    ///
    /// When the turn's share is used up the rest waits for the next turn, lest tasks that wake each other, or thousands that
    /// are woken together, keep the loop from its sockets and timers.
    func drain() {
        guard hasWork, !isDraining else { return }
        guard !isTurnOver else { return wake() }
        isDraining = true
        repeat {
            if beginsWithJobs {
                runJobs()
                runCalls()
            } else {
                runCalls()
                runJobs()
            }
            flush()
        } while hasWork && !isTurnOver
        isDraining = false
        guard hasWork else { return }
        beginsWithJobs.toggle()
        wake()
    }

    private func runJobs() {
        for _ in 0..<ready.count where !isTurnOver {
            beginJob()
            unsafe ready.removeFirst().runSynchronously(on: asUnownedTaskExecutor())
            endJob()
        }
    }

    private func runCalls() {
        guard !calls.isEmpty else { return }
        for _ in 0..<calls.count where !isTurnOver {
            beginJob()
            calls.removeFirst()()
            endJob()
        }
    }

    /// Flushes what is due; a few even when the turn is over, lest it never come to that.
    private func flush() {
        guard !flushes.isEmpty else { return }
        for number in 1...flushes.count {
            flushes.removeFirst().flush()
            // A clock's reading for each would be felt.
            guard number % 32 == 0 else { continue }
            _ = endSlice()
            if isTurnOver { break }
        }
    }
}

/// Something with output that is sent once a turn.
public protocol Flushable: AnyObject {
    /// Called on the loop's thread, after the tasks that were ready have run.
    func flush()
}

/// What a room below the loops does at the end of a turn.
private final class TurnEnd: Flushable {
    private let work: any TurnEndWork

    init(work: any TurnEndWork) { self.work = work }

    func flush() { work.turnEnds() }
}

@inline(__always)
private func currentThread() -> UInt {
    pthread_self()
}
