import Synchronization

/// A thread of the system that runs one closure to its end.
@safe
package final class SystemThread: @unchecked Sendable {
    private let name: String?
    // Run on the new thread alone.
    private let body: () -> Void
    // Written by `init` alone.
    private var thread = pthread_t()
    private let isEnded = Atomic(false)

    /// Starts the thread; throws when the system has no more of them (pthread_create(3)).
    ///
    /// - Parameters:
    ///   - name: what tools show, 15 bytes at most (proc(5)).
    ///   - signals: whether signals of the process may be handled on it; the caller's own mask counts too.
    package init(_ name: String? = nil, signals: Bool = true, _ body: @escaping () -> Void)
        throws(SystemError)
    {
        self.name = name
        self.body = body
        // A new thread has its maker's mask (pthread_create(3)).
        var before = sigset_t()
        if !signals {
            var every = sigset_t()
            unsafe sigfillset(&every)
            unsafe pthread_sigmask(SIG_SETMASK, &every, &before)
        }
        // The new thread gives this reference back when it has begun.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let thread = unsafe Unmanaged<SystemThread>.fromOpaque(context).takeRetainedValue()
                thread.takeName()
                thread.body()
                return nil
            }, context)
        if !signals { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        guard failure == 0 else {
            // There is no new thread, and none that gives it back.
            unsafe Unmanaged<SystemThread>.fromOpaque(context).release()
            throw SystemError(failure)
        }
    }

    private func takeName() {
        // proc(5); where there is no such file the thread has no name.
        guard let name, let file = try? FileDescriptor.open("/proc/thread-self/comm", O_WRONLY) else {
            return
        }
        try? file.write(Array(name.utf8))
    }

    /// Lets the thread run for itself, in the place of `join`: it goes with the process at the latest.
    package func detach() {
        pthread_detach(thread)
    }

    /// Waits until the closure has returned; once at most.
    package func join() {
        pthread_join(thread, nil)
    }

    /// Has the closure return, and waits for that: the first call does so, any other returns at once.
    ///
    /// In the place of `join`; any thread but this one.
    /// - Parameter stop: makes the closure return.
    /// - Returns: whether this was the first call.
    @discardableResult
    package func end(_ stop: () -> Void = {}) -> Bool {
        guard !isEnded.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        stop()
        join()
        return true
    }
}
