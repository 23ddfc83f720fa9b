// Output that waits for the client, and deadlines.
extension ConnectionMachine {
    mutating func onOutput(
        _ event: ConnectionEvent, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch event {
        case .wrote(let count, let unsent?):
            return waits(for: count, unsent, at: moment, terms)
        case .wrote(_, nil):
            // The handler of a half-closed client goes on writing: it has its time anew.
            return isHalfClosed ? halfClose(at: moment, terms) : .none
        case .drained(let received, let unsent):
            return drained(received, unsent, at: moment, terms)
        default:
            return .none
        }
    }

    /// The socket has not taken everything: the client has a term to take its share, if none has begun. What is added to what
    /// waits begins no new one.
    private mutating func waits(
        for count: Int, _ unsent: Int, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch state {
        case .fresh, .idle, .head:
            state = .flushing(mark: unsent)
        case .serving, .receiving, .halfClosed:
            state = .sending(mark: unsent)
        case .sending(let mark):
            state = .sending(mark: mark + count)
            return .none
        case .flushing(let mark):
            state = .flushing(mark: mark + count)
            return .none
        case .closing(let mark):
            state = .closing(mark: mark + count)
            return .none
        case .upgraded(var upgraded):
            if upgraded.termEnd == .max {
                upgraded.mark = unsent
                upgraded.termEnd = moment.now + terms.write
            } else {
                upgraded.mark += count
            }
            state = .upgraded(upgraded)
            return ConnectionActions([], deadline: upgraded.next)
        case .lingering, .tidying, .closed:
            return .none
        }
        return ConnectionActions([], deadline: moment.now + terms.write)
    }

    /// The socket has taken all that waited.
    private mutating func drained(
        _ received: UInt64?, _ unsent: Int?, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch state {
        case .sending:
            if inputEnded { return halfClose(at: moment, terms) }
            if let received { return receive(from: received, at: moment, terms) }
            state = .serving
            return ConnectionActions([], deadline: .max)
        case .flushing:
            return endsWhenServed(moment) ? end(unsent, at: moment, terms) : settle(unsent, at: moment, terms)
        case .closing:
            return end(unsent, at: moment, terms)
        case .upgraded(var upgraded):
            upgraded.termEnd = .max
            state = .upgraded(upgraded)
            return ConnectionActions([], deadline: upgraded.next)
        case .fresh, .idle, .head, .serving, .receiving, .halfClosed, .lingering, .tidying, .closed:
            return .none
        }
    }

    /// The client has ended its side, and nothing waits to be taken by it: the handler has a while to write something.
    mutating func halfClose(at moment: ConnectionMoment, _ terms: ConnectionTerms) -> ConnectionActions {
        probe(until: moment.now + terms.halfClose, at: moment, terms)
    }

    /// In between it is looked whether there is still somebody.
    private mutating func probe(
        until end: UInt64, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        state = .halfClosed(until: end)
        return ConnectionActions([], deadline: min(end, moment.now + terms.probe))
    }

    // MARK: Deadlines

    mutating func deadlinePassed(
        _ progress: ConnectionProgress, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch state {
        case .fresh, .idle, .lingering:
            return close()
        case .head:
            return ConnectionActions(.refuseSlow)
        case .receiving(let received):
            return checkBody(from: received, progress.received, at: moment, terms)
        case .sending(let mark), .flushing(let mark), .closing(let mark):
            // The client reads, if slowly: a new term.
            guard mark - progress.unsent >= terms.writeBytes else { return abort() }
            return renewTerm(progress.unsent, at: moment, terms)
        case .halfClosed(let end):
            if progress.isBroken { return abort() }
            guard end <= moment.now else { return probe(until: end, at: moment, terms) }
            // Nothing more is served in a task that has been cancelled.
            ending = max(ending, .close)
            state = .serving
            return ConnectionActions(.cancel)
        case .upgraded(let upgraded):
            return checkUpgraded(upgraded, progress.unsent, at: moment, terms)
        case .tidying:
            return ConnectionActions(.cancel)
        case .serving, .closed:
            return .none
        }
    }

    private mutating func renewTerm(
        _ unsent: Int, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch state {
        case .sending: state = .sending(mark: unsent)
        case .flushing: state = .flushing(mark: unsent)
        default: state = .closing(mark: unsent)
        }
        return ConnectionActions([], deadline: moment.now + terms.write)
    }

    private mutating func checkBody(
        from start: UInt64, _ received: UInt64?, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        guard let received else {
            // The handler does something else meanwhile.
            state = .serving
            return .none
        }
        guard received < start + terms.bodyBytes else { return receive(from: received, at: moment, terms) }
        state = .serving
        ending = .linger
        return ConnectionActions(.endSlowBody)
    }

    private mutating func checkUpgraded(
        _ upgraded: UpgradedTerms, _ unsent: Int, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        var upgraded = upgraded
        if upgraded.termEnd <= moment.now {
            guard upgraded.mark - unsent >= terms.writeBytes else { return close() }
            upgraded.mark = unsent
            upgraded.termEnd = moment.now + terms.write
        }
        let isDue = upgraded.deadline <= moment.now
        if isDue { upgraded.deadline = .max }
        state = .upgraded(upgraded)
        return ConnectionActions(isDue ? .tellDeadline : [], deadline: upgraded.next)
    }
}
