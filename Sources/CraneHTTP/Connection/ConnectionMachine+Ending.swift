// How a connection ends, and other protocols.
extension ConnectionMachine {
    /// Nothing more is served: the client takes what is left of the output, then the connection is closed; it lingers when the
    /// client may still be sending, lest a reset destroy the response before it is read (RFC 9112, section 9.6).
    mutating func end(
        _ unsent: Int?, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        if let unsent {
            // It may send on before it reads.
            let steps: ConnectionActions.Steps = inputEnded ? [] : .startReading
            switch state {
            case .sending(let mark), .flushing(let mark), .closing(let mark):
                state = .closing(mark: mark)
                return ConnectionActions(steps)
            default:
                state = .closing(mark: unsent)
                return ConnectionActions(steps, deadline: moment.now + terms.write)
            }
        }
        // Nothing of the response is left to be cut.
        facts.remove(.endsByClose)
        guard !inputEnded, ending == .linger || moment.holdsInput || moment.isDraining else { return close() }
        let isShort = facts.contains(.tooMany) || moment.isDraining
        return linger(
            until: moment.now + (isShort ? terms.shortLinger : terms.linger), discarded: 0, at: moment, terms
        ).with([.abortBody, .releaseBuffers, .shutdownWriting, .startReading])
    }

    private mutating func linger(
        until end: UInt64, discarded: Int, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        state = .lingering(until: end, discarded: discarded)
        return ConnectionActions([], deadline: min(max(end, moment.now), moment.now + terms.lingerSilence))
    }

    /// The client goes on sending behind its last response: it may be about to read that.
    mutating func discard(
        _ count: Int, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        guard case .lingering(let end, let discarded) = state else { return .none }
        guard discarded + count <= terms.lingerBytes else { return close() }
        return linger(until: end, discarded: discarded + count, at: moment, terms)
    }

    mutating func close() -> ConnectionActions {
        state = .closed
        return ConnectionActions(.close)
    }

    /// Ends at once: whoever waits for the connection hears of it.
    mutating func abort() -> ConnectionActions {
        let isCut = facts.contains(.endsByClose)
        state = .closed
        return ConnectionActions(
            [.abortBody, .cancel, .releaseBuffers, .wakeWriters, isCut ? .reset : .close])
    }

    mutating func endInput(
        _ unsent: Int?, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        facts.insert(.inputEnded)
        switch state {
        case .fresh, .idle, .head, .flushing:
            return end(unsent, at: moment, terms).with(.abortBody)
        // It may have closed its sending side only: then it gets all of its responses (RFC 9112, section 9.6).
        case .serving, .receiving:
            return halfClose(at: moment, terms).with(.abortBody)
        case .sending, .halfClosed:
            return ConnectionActions(.abortBody)
        case .closing:
            return facts.contains(.leftHTTP) ? breakOff() : end(unsent, at: moment, terms).with(.abortBody)
        case .lingering:
            return breakOff()
        case .upgraded:
            return ConnectionActions(.tellEnd)
        case .tidying, .closed:
            return .none
        }
    }

    /// The connection is broken, or has been ended by both sides.
    mutating func breakOff() -> ConnectionActions {
        facts.insert(.inputEnded)
        if state == .closed || state == .tidying { return .none }
        guard facts.contains(.leftHTTP) else { return abort() }
        // Its handler may tidy up before it is cancelled.
        return close().with(.tellEnd)
    }

    /// A graceful shutdown: closes what idles; otherwise the response under way is the last. A request that has reached the kernel
    /// is read and answered.
    mutating func serverDrains(
        _ hasUnread: Bool, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch state {
        case .fresh:
            return ConnectionActions([], deadline: moment.now + terms.freshDrain)
        case .idle(let since):
            // A client in the midst of its requests may have sent the next one already: it is told with that response.
            guard moment.now - since < terms.recent || hasUnread else { return close() }
            return ConnectionActions([], deadline: moment.now + terms.idleDrain)
        case .lingering(let end, let discarded):
            // A shutdown does not wait for it.
            return linger(
                until: min(end, moment.now + terms.shortLinger), discarded: discarded, at: moment, terms)
        case .upgraded:
            return ConnectionActions(.tellShutdown)
        case .head, .serving, .receiving, .sending, .halfClosed, .flushing, .closing, .tidying, .closed:
            return .none
        }
    }

    // MARK: Other protocols

    mutating func onProtocol(
        _ event: ConnectionEvent, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch (event, state) {
        case (.upgrades, .serving), (.upgrades, .receiving), (.upgrades, .sending), (.upgrades, .halfClosed):
            facts.insert(.leftHTTP)
            ending = max(ending, .close)
            state = .upgraded(UpgradedTerms())
            return ConnectionActions([], deadline: .max)
        case (.protocolWaits(let end), .upgraded(var upgraded)):
            upgraded.deadline = end
            state = .upgraded(upgraded)
            return ConnectionActions([], deadline: upgraded.next)
        case (.protocolCloses(let unsent), .upgraded):
            ending = .linger
            return end(unsent, at: moment, terms)
        case (.protocolAborts, .upgraded), (.protocolAborts, .closing), (.protocolAborts, .lingering):
            return close()
        default:
            return .none
        }
    }
}
