/// Those who wait for a message, in the order in which they came; loop's thread only.
///
/// One stands in the line of each of its queues until its wait is over. As many of a line are awake as messages wait in the queue,
/// so that nobody polls and whoever came first is served first.
final class QueueLines {
    /// Somebody who waits for a message of any of its queues.
    final class Waiter: @unchecked Sendable {
        let names: [String]
        /// What resumes it while it sleeps: true when a message may be there, false when its time is over.
        fileprivate var wake: ((Bool) -> Void)?
        fileprivate var isAwake = false
        fileprivate var isOver = false
        /// How often it was its turn and there was nothing.
        fileprivate var misses = 0

        fileprivate init(_ names: [String]) { self.names = names }
    }

    private var lines: [String: [Waiter]] = [:]
    /// How many messages wait in a queue.
    private let length: (String) -> Int

    init(length: @escaping (String) -> Int) { self.length = length }

    /// Stands at the end of the lines of these queues.
    func enter(_ names: [String]) -> Waiter {
        let waiter = Waiter(names)
        for name in Set(names) { lines[name, default: []].append(waiter) }
        return waiter
    }

    /// Leaves the lines; whoever comes next has what it did not take.
    func leave(_ waiter: Waiter) {
        let names = Set(waiter.names)
        for name in names {
            lines[name]?.removeAll { $0 === waiter }
            if lines[name]?.isEmpty == true { lines[name] = nil }
        }
        for name in names { settle(name) }
    }

    /// Whether it is this one's turn in one of its queues.
    func isServed(_ waiter: Waiter) -> Bool {
        waiter.names.contains { name in
            guard let place = lines[name]?.firstIndex(where: { $0 === waiter }) else { return false }
            return place < length(name)
        }
    }

    /// Returns when it is this one's turn, at once if it is so already; false when its time is over.
    func wait(_ waiter: Waiter) async -> Bool {
        if waiter.isOver { return false }
        if waiter.misses < 3, isServed(waiter) {
            waiter.isAwake = true
            return true
        }
        waiter.misses = 0
        waiter.isAwake = false
        return await withCheckedContinuation { continuation in
            waiter.wake = { continuation.resume(returning: $0) }
        }
    }

    /// It was somebody's turn, and there was nothing: after some of that it sleeps until more comes.
    func missed(_ waiter: Waiter) { waiter.misses += 1 }

    /// Ends a wait: its time is over, or its client has gone.
    func end(_ waiter: Waiter) {
        waiter.isOver = true
        let wake = waiter.wake
        waiter.wake = nil
        wake?(false)
    }

    /// Messages have come to a queue, or somebody has left its line: wakes as many as there are messages for.
    func settle(_ name: String) {
        guard let line = lines[name] else { return }
        for waiter in line.prefix(length(name)) where !waiter.isAwake {
            guard let wake = waiter.wake else { continue }
            waiter.isAwake = true
            waiter.wake = nil
            wake(true)
        }
    }

}
