import CraneSystem

/// A thread that runs one closure to its end.
@safe
final class LoopThread: @unchecked Sendable {
    private let name: String
    private let body: () -> Void
    // Written by `init` alone.
    private var thread = pthread_t()

    /// Starts the thread; throws when the system has no more of them (pthread_create(3)).
    ///
    /// - Parameter name: what tools show, 15 bytes at most (proc(5)).
    init(_ name: String, _ body: @escaping () -> Void) throws(ServerError) {
        self.name = name
        self.body = body
        // The new thread gives this reference back when it has begun.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let thread = unsafe Unmanaged<LoopThread>.fromOpaque(context).takeRetainedValue()
                thread.takeName()
                thread.body()
                return nil
            }, context)
        guard failure == 0 else {
            // There is no new thread, and none that gives it back.
            unsafe Unmanaged<LoopThread>.fromOpaque(context).release()
            // strerror answers a terminated string for every number.
            let reason = unsafe String(cString: strerror(failure))
            throw ServerError(code: .cannotStart, description: "cannot start the thread \(name): \(reason)")
        }
    }

    private func takeName() {
        // proc(5); where there is no such file the thread has no name.
        let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        var name = name
        // The bytes outlive the call.
        _ = name.withUTF8 { unsafe write(file, $0.baseAddress, $0.count) }
        _ = close(file)
    }

    func join() {
        pthread_join(thread, nil)
    }
}
