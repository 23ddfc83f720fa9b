import CLibUV
import CraneSystem
import Dispatch

/// The main thread's queue, on which the main actor runs, for a main thread that waits for something else.
package enum MainQueue {
    /// Runs what comes to the main actor and to `DispatchQueue.main` until `isOver`, which is asked after each `wake`.
    ///
    /// Returns at once on every other thread, and where the system gives no handle of the queue: then the caller has to wait
    /// otherwise. By the calls that Foundation's run loop is made of (`CFRunLoop.c` in swift-corelibs-foundation).
    package static func serve(until isOver: () -> Bool) {
        guard shim_is_main_thread() != 0 else { return }
        let descriptor = _dispatch_get_main_queue_handle_4CF()
        guard descriptor >= 0 else { return }
        while !isOver() {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // The structure lives for the call; a signal ends it early, which does no harm.
            guard unsafe poll(&request, 1, -1) > 0 else { continue }
            var count: UInt64 = 0
            // An eventfd, which does not block: one reading takes all that it has counted (eventfd(2)).
            _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
            _dispatch_main_queue_callback_4CF(nil)
        }
    }

    /// Has `serve` ask again whether it is over; any thread.
    package static func wake() { DispatchQueue.main.async {} }
}
