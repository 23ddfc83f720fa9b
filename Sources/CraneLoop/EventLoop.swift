import CLibUV
import CraneSystem

/// One thread with one `uv_loop_t`: sockets, timers and the Swift tasks that serve them.
///
/// Everything that says "loop's thread only" traps in debug builds when called elsewhere. A callback from libuv runs its
/// work, then the tasks which that made ready, then flushes what they wrote: see `turn`.
@safe
public final class EventLoop: @unchecked Sendable {
    /// Which loop of the process this is.
    public let index: Int
    /// Runs tasks on this loop.
    public let executor: LoopExecutor
    public let wheel = DeadlineWheel()

    // Freed in deinit, after `run` has closed every handle.
    let handle: UnsafeMutablePointer<uv_loop_t>
    private let wakeup: UnsafeMutablePointer<uv_async_t>
    /// What every socket of the loop reads into; a callback must take what it wants to keep.
    let readBuffer: UnsafeMutableRawBufferPointer
    private let check: UnsafeMutablePointer<uv_check_t>
    /// Called once a turn, when everything that the system had ready has been read.
    public var afterPoll: () -> Void = {}
    /// Counts the turns.
    @safe @exclusivity(unchecked) private(set) var turns: UInt64 = 0
    /// Sockets that have had their share of this turn.
    @safe @exclusivity(unchecked) private var resting: [any Resting] = []
    /// What worker threads do for this loop's tasks, or will do.
    var blockingWork: [ObjectIdentifier: BlockingWork] = [:]
    /// What of other modules is told when the loop ends.
    var residents: [ObjectIdentifier: any LoopResident] = [:]
    /// Milliseconds that tests have put the clock forward.
    @safe @exclusivity(unchecked) private var skipped: UInt64 = 0
    private var isMade = false
    /// Whether the loop is ending: what would wait on it ends at once.
    private(set) var isClosing = false
    /// What `uv_loop_close` said, 0 when every handle was closed; `nil` before.
    package private(set) var closeResult: Int32?

    /// Makes a loop; throws when the system has no descriptors left.
    public init(index: Int = 0) throws(UVError) {
        self.index = index
        unsafe handle = .allocate(capacity: 1)
        unsafe wakeup = .allocate(capacity: 1)
        unsafe check = .allocate(capacity: 1)
        // 64 KiB: what one read takes at most, and so the fairness between connections.
        unsafe readBuffer = .allocate(byteCount: 64 << 10, alignment: 16)
        unsafe executor = LoopExecutor(wakeup: wakeup)
        // libuv leaves a new handle's data as it finds it, and `closeAll` reads it.
        unsafe wakeup.pointee.data = nil
        unsafe check.pointee.data = nil
        try unsafe UVError.check(uv_loop_init(handle))
        unsafe handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        try unsafe UVError.check(
            uv_async_init(handle, wakeup) { handle in
                guard let handle = unsafe handle, let loop = unsafe EventLoop.of(handle.pointee.loop) else {
                    return
                }
                // Run by `endPoll`, when the sockets have been served.
                loop.executor.takeRemote()
            })
        try unsafe UVError.check(uv_check_init(handle, check))
        try unsafe UVError.check(
            uv_check_start(check) { check in
                guard let loop = unsafe EventLoop.of(check?.pointee.loop) else { return }
                loop.endPoll()
            })
        try wheel.attach(to: self)
        isMade = true
    }

    deinit {
        // One that was never run still holds the system's descriptors.
        if isMade { close() }
        unsafe readBuffer.deallocate()
        unsafe check.deallocate()
        unsafe wakeup.deallocate()
        unsafe handle.deallocate()
    }

    static func of(_ handle: UnsafeMutablePointer<uv_loop_t>?) -> EventLoop? {
        guard let data = unsafe handle?.pointee.data else { return nil }
        return unsafe Unmanaged<EventLoop>.fromOpaque(data).takeUnretainedValue()
    }

    /// Whether the caller is on this loop's thread.
    public var isCurrent: Bool { executor.isCurrent }

    /// Milliseconds of a clock that only goes forward, read once a turn.
    public var now: UInt64 { unsafe uv_now(handle) &+ skipped }

    /// Runs the loop on the calling thread until `stop`, then closes every handle and returns.
    public func run() {
        executor.attach()
        executor.takeRemote()
        beCurrent {
            executor.drain()
            _ = unsafe uv_run(handle, UV_RUN_DEFAULT)
            close()
        }
    }

    /// Closes a loop that will not be run, on the calling thread; `run` does it at its end.
    public func close() {
        guard !isClosing else { return }
        executor.attach()
        closeAll()
    }

    /// Ends `run` after the present turn; any thread.
    public func stop() {
        execute { [self] in
            unsafe uv_stop(handle)
        }
    }

    /// Runs `call` on the loop's thread, in the order of the calls; any thread. False when the loop has ended.
    @discardableResult
    public func execute(_ call: @escaping @Sendable () -> Void) -> Bool {
        executor.execute(call)
    }

    /// Waits until the loop has looked at its sockets and come round; any task.
    public func nextTurn() async {
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let isTaken = execute { unsafe continuation.resume() }
            if !isTaken { unsafe continuation.resume() }
        }
    }

    /// Puts the clock forward, for tests: what ends by then is due in this turn or the next. Loop's thread only.
    package func skip(_ duration: Duration) {
        let milliseconds = duration.loopMilliseconds
        skipped &+= milliseconds
        wheel.clockWasSkipped()
        skipSleeps(milliseconds)
    }

    /// Runs `work`, then every task it made ready, then flushes; loop's thread only.
    @inline(__always)
    public func turn(_ work: () -> Void) {
        work()
        executor.drain()
    }

    /// The system's sockets have been looked at: serves what they brought, then what is too late.
    private func endPoll() {
        turns &+= 1
        executor.beginTurn()
        executor.serve(afterPoll)
        executor.beginTurn()
        executor.drain()
        if wheel.hasDue { turn { wheel.serveDue() } }
        // Timers and the next look at the sockets have a share of their own.
        executor.beginTurn()
        guard !resting.isEmpty else { return }
        let rested = resting
        resting = []
        turn { for socket in rested { socket.endRest() } }
    }

    /// Leaves `socket` alone until the next turn.
    func rest(_ socket: any Resting) { resting.append(socket) }

    /// Has the loop come round once more without waiting for its sockets; loop's thread only.
    public func wake() { executor.wake() }

    /// Starts a task on this loop that runs at once, on the caller's stack, until it first waits; loop's thread only.
    @discardableResult
    public func startTask(
        _ operation: @escaping @Sendable @isolated(any) () async -> Void
    ) -> Task<Void, Never> {
        assert(isCurrent)
        return Task.immediate(executorPreference: executor, operation: operation)
    }

    /// Has `flushable` flushed once the tasks that are ready have run; loop's thread only.
    public func flushAfterDrain(_ flushable: any Flushable) {
        executor.flushAfterDrain(flushable)
    }

    /// Closes what is still open and runs the loop until every close callback has come, as `uv_loop_close` requires.
    ///
    /// What others put in meanwhile still runs; the bound is for those who would go on for ever.
    private func closeAll() {
        isClosing = true
        // Nobody is left to have a turn in between.
        executor.turnShare = .max
        executor.beginTurn()
        resting = []
        // Nobody knows how long it would take.
        for work in blockingWork.values { work.giveUp() }
        endResidents()
        unsafe wakeup.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { unsafe uv_unref($0) }
        var rounds = 0
        repeat {
            closeHandles()
            executor.takeRemote()
            executor.drain()
            _ = unsafe uv_run(handle, UV_RUN_DEFAULT)
            rounds += 1
        } while unsafe uv_loop_alive(handle) != 0 || !executor.close(forced: rounds > 100)
        // Nothing comes from outside any more: what was put in last, and what that has opened.
        executor.takeRemote()
        executor.drain()
        closeHandles()
        unsafe wakeup.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { unsafe uv_close($0, nil) }
        _ = unsafe uv_run(handle, UV_RUN_DEFAULT)
        executor.detach()
        wheel.close()
        closeResult = unsafe uv_loop_close(handle)
    }

    /// Begins to close every handle but the wake-up, which brings what other threads still put in.
    private func closeHandles() {
        unsafe uv_walk(
            handle,
            { handle, wakeup in
                guard let handle = unsafe handle, unsafe uv_is_closing(handle) == 0 else { return }
                guard unsafe UnsafeMutableRawPointer(handle) != wakeup else { return }
                if let owner = unsafe handle.pointee.data,
                    let closable = unsafe Unmanaged<AnyObject>.fromOpaque(owner).takeUnretainedValue()
                        as? any ClosableHandle
                {
                    closable.closeWithLoop()
                } else {
                    unsafe uv_close(handle, nil)
                }
            }, wakeup)
    }
}

/// A socket that leaves the rest of a turn to others.
protocol Resting: AnyObject {
    /// The next turn begins; loop's thread.
    func endRest()
}

/// The owner of a libuv handle, closed with its loop.
protocol ClosableHandle: AnyObject {
    func closeWithLoop()
}
