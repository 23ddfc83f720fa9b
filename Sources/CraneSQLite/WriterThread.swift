import CraneSystem

/// A thread that runs one body and can be waited for.
@safe
struct WriterThread: ~Copyable {
    private let thread: pthread_t

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts the thread; nil when the system has none to give.
    init?(_ run: @escaping @Sendable () -> Void) {
        // The new thread inherits a mask that blocks every signal, so that signals go to the loops.
        var every = sigset_t()
        var before = sigset_t()
        unsafe sigfillset(&every)
        unsafe pthread_sigmask(SIG_SETMASK, &every, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        let body = unsafe Unmanaged.passRetained(Body(run))
        var started = pthread_t()
        let code = unsafe pthread_create(
            &started, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                body.run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            unsafe body.release()
            return nil
        }
        thread = started
    }

    /// Waits until the body has returned.
    consuming func join() {
        pthread_join(thread, nil)
    }
}
