/// Which of the event loops runs on the calling thread: what is kept once a loop is found by it and need not be passed along.
package enum CurrentLoop {
    /// What a thread knows of the loop that runs on it.
    private final class Here {
        let index: Int
        let atTurnEnd: (any TurnEndWork) -> Void

        init(index: Int, atTurnEnd: @escaping (any TurnEndWork) -> Void) {
            self.index = index
            self.atTurnEnd = atTurnEnd
        }
    }

    /// The loop's number, counted from 0; `nil` on every other thread. Costs some 5 ns.
    package static var index: Int? { here?.index }

    /// Has `work` done when the loop has run what is ready in this turn; false on every other thread, where the caller does it.
    package static func atTurnEnd(_ work: any TurnEndWork) -> Bool {
        guard let here else { return false }
        here.atTurnEnd(work)
        return true
    }

    /// Runs a loop's work on the calling thread.
    ///
    /// - Parameter atTurnEnd: takes what is to be done at the end of a turn; does it at once by default.
    package static func run<Failure: Error>(
        as index: Int, atTurnEnd: @escaping (any TurnEndWork) -> Void = { $0.turnEnds() },
        _ work: () throws(Failure) -> Void
    ) throws(Failure) {
        let (outer, inner) = (here, Here(index: index, atTurnEnd: atTurnEnd))
        here = inner
        // It lives as long as the thread knows it.
        defer { withExtendedLifetime(inner) { here = outer } }
        try work()
    }

    private static var here: Here? {
        get {
            // A key that the system did not give has no value (pthread_getspecific(3)).
            guard let value = unsafe pthread_getspecific(key) else { return nil }
            return unsafe Unmanaged<Here>.fromOpaque(value).takeUnretainedValue()
        }
        set {
            let value = unsafe newValue.map { unsafe Unmanaged.passUnretained($0).toOpaque() }
            unsafe pthread_setspecific(key, value)
        }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t.max
        unsafe pthread_key_create(&key, nil)
        return key
    }()
}

/// Something that is done once for all that a turn of a loop has brought.
package protocol TurnEndWork: AnyObject, Sendable {
    /// Called on the loop's thread, after the tasks that were ready have run; must be short.
    func turnEnds()
}
