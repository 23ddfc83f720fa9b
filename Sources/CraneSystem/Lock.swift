/// A mutex with one condition, for a thread that sleeps until there is work.
///
/// `Synchronization.Mutex` has no condition to wait on, and hands out only what can be sent elsewhere.
@safe
package final class Lock: @unchecked Sendable {
    // pthread objects must not move, so they live on the heap; only pthread functions touch them.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    package func lock() {
        unsafe pthread_mutex_lock(mutex)
    }

    package func tryLock() -> Bool {
        unsafe pthread_mutex_trylock(mutex) == 0
    }

    package func unlock() {
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Wakes the thread that waits, if one does.
    package func signal() {
        unsafe pthread_cond_signal(condition)
    }

    /// Waits for a signal with the lock let go meanwhile; it may return without one.
    package func wait() {
        unsafe pthread_cond_wait(condition, mutex)
    }

    /// Waits at most `milliseconds`; false when they have passed without a signal.
    package func wait(milliseconds: Int) -> Bool {
        let (seconds, rest) = (SystemTime.monotonic() + UInt64(max(milliseconds, 0)) * 1_000_000)
            .quotientAndRemainder(dividingBy: 1_000_000_000)
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
        return unsafe pthread_cond_timedwait(condition, mutex, &time) == 0
    }
}
