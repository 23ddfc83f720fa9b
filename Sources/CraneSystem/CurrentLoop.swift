/// Which of the event loops runs on the calling thread: what is kept once a loop is found by it and need not be passed along.
package enum CurrentLoop {
    /// The loop's number, counted from 0; `nil` on every other thread. Costs some 5 ns.
    package static var index: Int? {
        // A key that the system did not give has no value (pthread_getspecific(3)).
        let value = unsafe UInt(bitPattern: pthread_getspecific(key))
        return value == 0 ? nil : Int(bitPattern: value) - 1
    }

    /// Runs a loop's work on the calling thread.
    package static func run<Failure: Error>(
        as index: Int, _ work: () throws(Failure) -> Void
    ) throws(Failure) {
        let outer = unsafe pthread_getspecific(key)
        // The number stands in the place of a pointer, which nobody follows.
        unsafe pthread_setspecific(key, UnsafeRawPointer(bitPattern: index + 1))
        defer { unsafe pthread_setspecific(key, outer) }
        try work()
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t.max
        unsafe pthread_key_create(&key, nil)
        return key
    }()
}
