#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A thread that runs one closure to its end.
@safe
final class LoopThread: @unchecked Sendable {
    private let body: () -> Void
    // Written by `init` alone.
    private var thread = pthread_t()

    init(_ body: @escaping () -> Void) {
        self.body = body
        // The new thread gives this reference back when it has begun.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let thread = unsafe Unmanaged<LoopThread>.fromOpaque(context).takeRetainedValue()
                thread.body()
                return nil
            }, context)
    }

    func join() {
        pthread_join(thread, nil)
    }
}
