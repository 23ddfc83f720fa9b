import CLibUV

/// A timer that is set time and again and exact to a millisecond; loop's thread only.
///
/// For a library's own deadlines. What waits in thousands has its deadline in the loop's wheel.
@safe
package final class LoopTimer {
    private let loop: EventLoop
    private let due: () -> Void
    private var handle: UnsafeMutablePointer<uv_timer_t>?

    /// Makes a timer that is not set.
    ///
    /// - Parameter due: called inside a turn of the loop, once for each time that it was set.
    package init(loop: EventLoop, _ due: @escaping () -> Void) {
        assert(loop.isCurrent)
        self.loop = loop
        self.due = due
        // Freed in the close callback.
        let handle = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
        unsafe uv_timer_init(loop.handle, handle)
        // Given back in the close callback.
        unsafe handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        unsafe self.handle = handle
    }

    /// Has it go off once in so many milliseconds from now, and not when it was set to before.
    package func set(milliseconds: UInt64) {
        guard let handle = unsafe handle else { return }
        // The loop's clock is read once a turn: a fresh reading keeps it from going off early.
        unsafe uv_update_time(loop.handle)
        _ = unsafe uv_timer_start(
            handle,
            { handle in
                guard let data = unsafe handle?.pointee.data else { return }
                unsafe Unmanaged<LoopTimer>.fromOpaque(data)._withUnsafeGuaranteedRef { timer in
                    timer.loop.turn { timer.due() }
                }
            }, milliseconds, 0)
    }

    /// Has it not go off.
    package func stop() {
        guard let handle = unsafe handle else { return }
        _ = unsafe uv_timer_stop(handle)
    }

    /// Ends the timer for good.
    package func close() {
        guard let handle = unsafe handle else { return }
        unsafe self.handle = nil
        unsafe LoopHandle.close(handle)
    }
}

extension LoopTimer: ClosableHandle {
    func closeWithLoop() { close() }
}
