import Glibc

/// Runs `body` on a thread of its own, so that what blocks holds up neither a loop nor the tests' own threads.
package func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        startThread { continuation.resume(with: Result { try body() }) }
    }
}

package func startThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    // The new thread gives this reference back.
    let context = unsafe Unmanaged.passRetained(ThreadBody(body)).toOpaque()
    let result = unsafe pthread_create(
        &thread, nil,
        { context in
            guard let context = unsafe context else { return nil }
            unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
            return nil
        }, context)
    precondition(result == 0)
    pthread_detach(thread)
}

private final class ThreadBody {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Whether the address sanitizer looks for leaks, and would take for one a task that can never end.
package let isLeakChecked = unsafe dlsym(nil, "__asan_init") != nil

/// Holds a thread until it is opened.
@safe
package final class Gate: @unchecked Sendable {
    // Freed in deinit; lives at one place, as sem_init(3) requires.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    package init() { unsafe sem_init(semaphore, 0, 0) }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    package func open() { unsafe sem_post(semaphore) }

    /// Waits; lets the next one through too.
    package func pass() {
        while unsafe sem_wait(semaphore) != 0 {}
        open()
    }
}
