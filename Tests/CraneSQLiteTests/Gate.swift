import CraneSystem

/// Holds a thread, not a task, until it is opened.
final class Gate: @unchecked Sendable {
    private let lock = Lock()
    private var isOpen = false

    func wait() {
        lock.lock()
        defer { lock.unlock() }
        while !isOpen {
            lock.wait()
        }
    }

    func open() {
        lock.lock()
        defer { lock.unlock() }
        isOpen = true
        lock.signal()
    }
}
