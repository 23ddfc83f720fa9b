#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A thread that runs one closure to its end.
@safe
final class LoopThread: @unchecked Sendable {
    private let name: String
    private let body: () -> Void
    // Written by `init` alone.
    private var thread = pthread_t()

    /// - Parameter name: what tools show, 15 bytes at most (proc(5)).
    init(_ name: String, _ body: @escaping () -> Void) {
        self.name = name
        self.body = body
        // The new thread gives this reference back when it has begun.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let thread = unsafe Unmanaged<LoopThread>.fromOpaque(context).takeRetainedValue()
                thread.takeName()
                thread.body()
                return nil
            }, context)
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
