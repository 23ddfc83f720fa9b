import CLibUV
import Synchronization

extension EventLoop {
    /// Waits `duration` on a libuv timer, exact to a millisecond; throws `CancellationError` when the task is cancelled.
    ///
    /// One of zero lets the loop see to all else once.
    /// Any task may call it; one that runs on this loop resumes without leaving its thread.
    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        let sleep = LoopSleep(loop: self, milliseconds: duration.loopMilliseconds)
        try await withTaskCancellationHandler {
            try await unsafe withUnsafeThrowingContinuation { continuation in
                unsafe sleep.start(continuation)
            }
        } onCancel: {
            execute { sleep.finish(cancelled: true) }
        }
    }

    /// Lets those who sleep wake so many milliseconds earlier.
    func skipSleeps(_ milliseconds: UInt64) {
        unsafe uv_walk(
            handle,
            { handle, skipped in
                guard let handle = unsafe handle, unsafe handle.pointee.type == UV_TIMER else { return }
                guard let owner = unsafe handle.pointee.data else { return }
                let timer = unsafe Unmanaged<AnyObject>.fromOpaque(owner).takeUnretainedValue()
                (timer as? LoopSleep)?.skip(UInt64(UInt(bitPattern: skipped)))
            }, UnsafeMutableRawPointer(bitPattern: UInt(milliseconds)))
    }
}

/// One sleeping task and its timer. After `start` has come to the loop, everything happens on the loop's thread.
@safe
final class LoopSleep: @unchecked Sendable {
    private let loop: EventLoop
    private let milliseconds: UInt64
    private var continuation: UnsafeContinuation<Void, any Error>?
    private var timer: UnsafeMutablePointer<uv_timer_t>?
    /// A cancellation can reach the loop before the start does.
    private var isCancelled = false

    init(loop: EventLoop, milliseconds: UInt64) {
        self.loop = loop
        self.milliseconds = milliseconds
    }

    func start(_ continuation: UnsafeContinuation<Void, any Error>) {
        unsafe self.continuation = continuation
        if loop.isCurrent {
            begin()
        } else {
            let isTaken = loop.execute { self.begin() }
            if !isTaken { resume(cancelled: true) }
        }
    }

    private func begin() {
        if isCancelled || loop.isClosing { return resume(cancelled: true) }
        // libuv up to 1.44 runs a timer that is due again at once without a look at the sockets in between.
        if milliseconds == 0 { return yield() }
        // Freed in the close callback, as libuv requires.
        let timer = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
        unsafe uv_timer_init(loop.handle, timer)
        // The timer holds the sleep until its close callback.
        unsafe timer.pointee.data = Unmanaged.passRetained(self).toOpaque()
        unsafe self.timer = timer
        // The loop's clock is read once a turn: a fresh reading keeps short sleeps from ending early.
        unsafe uv_update_time(loop.handle)
        _ = unsafe uv_timer_start(
            timer,
            { timer in
                guard let data = unsafe timer?.pointee.data else { return }
                let sleep = unsafe Unmanaged<LoopSleep>.fromOpaque(data).takeUnretainedValue()
                sleep.loop.turn { sleep.finish(cancelled: false) }
            }, milliseconds, 0)
    }

    /// Ends so many milliseconds earlier, in the next turn where that has passed.
    func skip(_ milliseconds: UInt64) {
        guard let timer = unsafe timer else { return }
        let left = unsafe uv_timer_get_due_in(timer)
        _ = unsafe uv_timer_start(timer, timer.pointee.timer_cb, left - min(left, milliseconds), 0)
    }

    /// Comes back after the loop's next look at its sockets, among which is its wake-up.
    private func yield() {
        let isTaken = loop.execute { self.resume(cancelled: self.isCancelled) }
        if !isTaken { resume(cancelled: true) }
    }

    func finish(cancelled: Bool) {
        isCancelled = isCancelled || cancelled
        guard let timer = unsafe timer else { return }
        unsafe self.timer = nil
        unsafe LoopHandle.close(timer)
        resume(cancelled: cancelled)
    }

    private func resume(cancelled: Bool) {
        let continuation = unsafe continuation
        unsafe self.continuation = nil
        if cancelled {
            unsafe continuation?.resume(throwing: CancellationError())
        } else {
            unsafe continuation?.resume()
        }
    }
}

extension LoopSleep: ClosableHandle {
    func closeWithLoop() { finish(cancelled: true) }
}

extension Duration {
    /// Milliseconds for a loop's clock, rounded up; 0 for what lies in the past, and a hundred years for what never comes.
    public var loopMilliseconds: UInt64 {
        let parts = components
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
        let seconds = UInt64(min(parts.seconds, 100 * 366 * 86400))
        return seconds * 1000 + (UInt64(parts.attoseconds) + 999_999_999_999_999) / 1_000_000_000_000_000
    }

    /// In nanoseconds: 0 for a negative duration, at most some 500 years.
    package var nanoseconds: UInt64 {
        let parts = components
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
        return UInt64(min(parts.seconds, 1 << 34)) * 1_000_000_000 + UInt64(parts.attoseconds) / 1_000_000_000
    }
}
