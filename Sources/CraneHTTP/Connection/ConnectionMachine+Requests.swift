// Heads, bodies and responses.
extension ConnectionMachine {
    mutating func headPart(at moment: ConnectionMoment, _ terms: ConnectionTerms) -> ConnectionActions {
        facts.insert(.partialHead)
        switch state {
        case .fresh, .idle, .flushing:
            return beginHead(at: moment, terms)
        // It has begun; or the responses before it come first.
        case .head, .serving, .receiving, .sending, .halfClosed:
            return .none
        case .closing, .lingering, .upgraded, .tidying, .closed:
            return .none
        }
    }

    private mutating func beginHead(at moment: ConnectionMoment, _ terms: ConnectionTerms)
        -> ConnectionActions
    {
        state = .head
        return ConnectionActions(.startReading, deadline: moment.now + terms.head)
    }

    mutating func refused(
        _ lingers: Bool, _ isTooMany: Bool, _ unsent: Int?, at moment: ConnectionMoment,
        _ terms: ConnectionTerms
    ) -> ConnectionActions {
        facts.remove(.partialHead)
        if isTooMany { facts.insert(.tooMany) }
        ending = max(ending, lingers ? .linger : .close)
        switch state {
        case .fresh, .idle, .head, .flushing, .closing:
            return end(unsent, at: moment, terms)
        // The responses under way come first.
        case .serving, .receiving, .sending, .halfClosed:
            return .none
        case .lingering, .upgraded, .tidying, .closed:
            return .none
        }
    }

    /// What is too much is refused where nothing is under way; else the response under way is the last.
    mutating func overloaded(_ isBegun: Bool) -> ConnectionActions {
        switch state {
        case .fresh, .idle, .head, .flushing:
            return ConnectionActions(.refuseOverloaded)
        case .serving, .receiving, .sending, .halfClosed:
            ending = .linger
            // One that has not been begun gets the response that a handler would have given.
            return ConnectionActions([.endExcessiveBody, isBegun ? .dropInput : .refuseOverloaded])
        case .closing:
            return ConnectionActions(.dropInput)
        case .lingering, .upgraded, .tidying, .closed:
            return .none
        }
    }

    mutating func onBody(
        _ event: ConnectionEvent, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch event {
        case .bodyBegins(let expectsContinue):
            if expectsContinue { facts.insert(.owesContinue) }
            // What has not come by then never will.
            return inputEnded ? ConnectionActions(.abortBody) : .none
        case .bodyPart:
            facts.remove(.owesContinue)
            return .none
        case .bodyAwaited(let received):
            return awaitBody(received, at: moment, terms)
        case .bodyTaken(let received):
            guard !inputEnded, !moment.holdsInput else { return .none }
            // The client could not send meanwhile: its rate counts from here.
            if case .receiving = state {
                return receive(from: received, at: moment, terms).with(.startReading)
            }
            return ConnectionActions(.startReading)
        case .bodyGivenUp:
            ending = max(ending, .close)
            return .none
        case .bodyEnded(let isWhole):
            facts.remove(.owesContinue)
            // Somebody else may still be reading: what comes must not be taken for a request.
            if !isWhole { ending = .linger }
            let steps: ConnectionActions.Steps = isWhole ? [] : .abortBody
            guard case .receiving = state else { return ConnectionActions(steps) }
            state = .serving
            return ConnectionActions(steps, deadline: .max)
        default:
            return .none
        }
    }

    private mutating func awaitBody(
        _ received: UInt64, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        var actions = ConnectionActions.none
        // Every wait counts in the same term: a part now and then does not begin a new one.
        if state == .serving { actions = receive(from: received, at: moment, terms) }
        // The client may be waiting for it (RFC 9110, section 10.1.1).
        if facts.contains(.owesContinue) { actions = actions.with(.sendContinue) }
        facts.remove(.owesContinue)
        return actions
    }

    mutating func receive(
        from received: UInt64, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        state = .receiving(from: received)
        return ConnectionActions([], deadline: moment.now + terms.body)
    }

    mutating func onResponse(
        _ event: ConnectionEvent, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch event {
        case .responds(let closes):
            // No `100` may follow: its client has nothing to send the body for, or sends it late.
            if closes || facts.contains(.owesContinue) { ending = max(ending, .close) }
            facts.remove(.owesContinue)
            return .none
        case .responseCloses(let isAgreed):
            // One that was not told before may be sending the next request.
            ending = max(ending, isAgreed ? .close : .linger)
            return .none
        case .streams(let untilClose):
            if untilClose { facts.insert(.endsByClose) }
            return .none
        case .streamFailed:
            ending = .linger
            guard facts.contains(.endsByClose), state != .closed else { return .none }
            state = .closed
            return ConnectionActions([.flush, .reset])
        case .served(let unsent):
            return served(unsent, at: moment, terms)
        default:
            return .none
        }
    }

    private mutating func served(
        _ unsent: Int?, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch state {
        case .serving, .receiving, .sending, .halfClosed:
            if endsWhenServed(moment) { return end(unsent, at: moment, terms) }
            return settle(unsent, at: moment, terms)
        // The other protocol's handler has returned.
        case .closing:
            return end(unsent, at: moment, terms)
        case .tidying:
            state = .closed
            return ConnectionActions([], deadline: .max)
        case .fresh, .idle, .head, .flushing, .lingering, .upgraded, .closed:
            return .none
        }
    }

    /// Whether nothing more is served here.
    func endsWhenServed(_ moment: ConnectionMoment) -> Bool {
        ending != .none || inputEnded || moment.isDraining && !facts.contains(.partialHead)
    }

    /// Goes on with a connection that serves nothing.
    mutating func settle(
        _ unsent: Int?, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        if let unsent {
            if case .sending(let mark) = state {
                state = .flushing(mark: mark)
                return ConnectionActions(.startReading)
            }
            state = .flushing(mark: unsent)
            return ConnectionActions(.startReading, deadline: moment.now + terms.write)
        }
        return facts.contains(.partialHead) ? beginHead(at: moment, terms) : rest(at: moment, terms)
    }
}
