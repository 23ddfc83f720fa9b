import CLibUV
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

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
    private var isDraining = false
    private var flushes: [any Flushable] = []
    private var hasFlushes = false
    /// Jobs put in by the loop's own thread, and how often the loop was woken for others, for the tests that count them.
    package private(set) var localEnqueues = 0
    package private(set) var wakeUps = 0

    /// When the slice that runs began, and who is told of one that is too long.
    @safe @exclusivity(unchecked) var sliceStart: UInt64 = 0
    @safe @exclusivity(unchecked) var hold: (threshold: UInt64, report: (UInt64, AnyObject?) -> Void) = (
        .max, { _, _ in }
    )
    @safe @exclusivity(unchecked) var sliceOwner: AnyObject?

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
    func flushAfterDrain(_ flushable: any Flushable) {
        flushes.append(flushable)
        hasFlushes = true
    }

    /// Takes what other threads have put in: the wake-up's callback.
    func takeRemote() {
        wakeUps &+= 1
        let taken = remote.withLock { remote in
            let taken = remote
            remote = Remote(isClosed: taken.isClosed)
            return taken
        }
        for job in taken.jobs { ready.append(job) }
        for call in taken.calls { call() }
    }

    /// Runs what is ready, and what that makes ready, then flushes.
    ///
    /// Bounded, so that tasks that yield for ever cannot keep the loop from its sockets: what is left after the last round
    /// waits for the loop's next turn.
    func drain() {
        guard ready.count > 0 || hasFlushes, !isDraining else { return }
        isDraining = true
        var rounds = 0
        repeat {
            guard rounds < 64 else {
                unsafe uv_async_send(wakeup)
                break
            }
            rounds += 1
            for _ in 0..<ready.count {
                beginJob()
                unsafe ready.removeFirst().runSynchronously(on: asUnownedTaskExecutor())
                endJob()
            }
            flush()
        } while ready.count > 0 || hasFlushes
        isDraining = false
    }

    private func flush() {
        guard hasFlushes else { return }
        let due = flushes
        flushes = []
        hasFlushes = false
        for flushable in due { flushable.flush() }
    }
}

/// Something with output that is sent once a turn.
public protocol Flushable: AnyObject {
    /// Called on the loop's thread, after the tasks that were ready have run.
    func flush()
}

@inline(__always)
private func currentThread() -> UInt {
    #if canImport(Glibc)
    pthread_self()
    #else
    unsafe UInt(bitPattern: pthread_self())
    #endif
}
