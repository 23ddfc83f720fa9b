import CraneSystem
import Synchronization

extension EventLoop {
    /// The loop that runs on the calling thread; `nil` on every other thread. Costs some 5 ns.
    package static var current: EventLoop? {
        // A key that the system did not give has no value (pthread_getspecific(3)), and a loop outlives its `run`.
        guard let value = unsafe pthread_getspecific(key) else { return nil }
        return unsafe Unmanaged<EventLoop>.fromOpaque(value).takeUnretainedValue()
    }

    /// Makes this the current loop of the calling thread for the length of `work`.
    func beCurrent(_ work: () -> Void) {
        unsafe pthread_setspecific(EventLoop.key, Unmanaged.passUnretained(self).toOpaque())
        CurrentLoop.run(as: index, atTurnEnd: { [executor] in executor.doAtTurnEnd($0) }, work)
        pthread_setspecific(EventLoop.key, nil)
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t.max
        unsafe pthread_key_create(&key, nil)
        return key
    }()

    /// The loop for what no server's loop has asked for: a command's work, or a test's in memory.
    ///
    /// Begins on a thread of its own with the first call, and lives as long as the process. Throws when the system has no
    /// descriptors or threads left.
    package static func shared() throws -> EventLoop {
        try sharedLoop.withLock { shared in
            if let shared { return shared }
            let loop = try EventLoop(index: -1)
            try SystemThread("shared loop", signals: false) { loop.run() }.detach()
            shared = loop
            return loop
        }
    }

    private static let sharedLoop = Mutex<EventLoop?>(nil)
}
