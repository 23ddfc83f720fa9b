import CraneSystem

/// The process's worker threads, for work that would block a loop; bounded in number and in what waits for them.
///
/// A thread is started when work comes and none is free, and stays. Work that never ends holds its thread and nothing else:
/// neither a loop nor the end of the process waits for it.
final class WorkerPool: @unchecked Sendable {
    static let shared = WorkerPool()

    /// Blocking work mostly waits, so there are more threads than processors.
    private static let threads = 32

    private let lock = Lock()
    // Guarded by the lock.
    private var waiting: [BlockingWork] = []
    private var running = 0
    private var started = 0
    private var idle = 0

    /// Starts the first thread, unless there is one.
    func prepare() throws(SystemError) {
        lock.lock()
        defer { lock.unlock() }
        if started == 0 { try start() }
    }

    /// Has a thread run the work; false when `bound` pieces run or wait already, or there is no thread.
    func append(_ work: BlockingWork, bound: Int) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        guard running + waiting.count < bound else { return false }
        if idle <= waiting.count, started < Self.threads {
            // Where the system has no more of them, those that there are do it.
            try? start()
            if started == 0 { return false }
        }
        waiting.append(work)
        lock.signal()
        return true
    }

    /// The pieces of work that run and that wait.
    var counts: (running: Int, waiting: Int) {
        lock.lock()
        defer { lock.unlock() }
        return (running, waiting.count)
    }

    /// Takes out work that waits; false when it has begun.
    func remove(_ work: BlockingWork) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        guard let place = waiting.firstIndex(where: { $0 === work }) else { return false }
        waiting.remove(at: place)
        return true
    }

    private func start() throws(SystemError) {
        // Signals are for the loops, and cut no work's waiting short.
        try SystemThread("worker-\(started)", signals: false) { self.run() }.detach()
        started += 1
        // It counts as one that waits from now on.
        idle += 1
    }

    /// A thread's life.
    private func run() {
        lock.lock()
        while true {
            while waiting.isEmpty { lock.wait() }
            let work = waiting.removeFirst()
            idle -= 1
            running += 1
            lock.unlock()
            work.run()
            lock.lock()
            running -= 1
            idle += 1
        }
    }
}

/// One piece of blocking work: begun on the loop, run on a worker, ended on the loop.
class BlockingWork: @unchecked Sendable {
    /// Runs on a worker thread.
    func run() {}
    /// The loop ends before the work: whoever waits for it is told so. Runs on the loop's thread.
    func giveUp() {}
}
