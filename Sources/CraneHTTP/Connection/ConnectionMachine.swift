/// One HTTP/1.1 connection as a state machine: it is told what happens and says what is to be done.
///
/// It does no input or output and has no clock: whoever carries out its actions reports what comes of them as further events.
/// A value that allocates nothing; Docs/Architecture.md has the table of its states.
package struct ConnectionMachine: Sendable {
    /// Where the connection stands. Each state but `serving` and `closed` has a deadline of its own.
    package enum State: Equatable, Sendable {
        /// No byte has come yet.
        case fresh
        /// Waits for the next request since that time.
        case idle(since: UInt64)
        /// A part of a head has come.
        case head
        /// A request is answered: whatever is waited for, it is not the client.
        case serving
        /// A request is answered, and its handler waits for more of the body, of which so many bytes had come when the term began.
        case receiving(from: UInt64)
        /// A request is answered, and output waits for the client: `mark` bytes at the begin of the term, and what came to them.
        case sending(mark: Int)
        /// A request is answered, and the client has ended its side: it waits for the response, or has gone.
        case halfClosed(until: UInt64)
        /// Nothing is served, and the responses wait for the client.
        case flushing(mark: Int)
        /// Nothing more is served, and the last response waits for the client.
        case closing(mark: Int)
        /// The last response has gone; what still comes is discarded until the client closes (RFC 9112, section 9.6).
        case lingering(until: UInt64, discarded: Int)
        /// Another protocol has the connection.
        case upgraded(UpgradedTerms)
        /// The connection has been closed under a handler of another protocol, which may tidy up.
        case tidying
        /// The socket is closed, or is so once the actions have been carried out.
        case closed
    }

    /// The deadlines of a connection that has left HTTP: its protocol's own, and that of output that waits for the client.
    package struct UpgradedTerms: Equatable, Sendable {
        package var deadline = UInt64.max
        package var termEnd = UInt64.max
        package var mark = 0

        var next: UInt64 { min(deadline, termEnd) }
    }

    /// What becomes of the connection after the response under way; it only ever rises.
    enum Ending: UInt8, Comparable, Sendable {
        case none
        case close
        /// The client may still be sending when it closes.
        case linger

        static func < (left: Ending, right: Ending) -> Bool { left.rawValue < right.rawValue }
    }

    /// What stays true from state to state.
    struct Facts: OptionSet, Sendable {
        let rawValue: UInt8

        /// A part of a head has come behind the responses.
        static let partialHead = Facts(rawValue: 1)
        /// The client has ended its side.
        static let inputEnded = Facts(rawValue: 2)
        /// The client waits for a `100` before it sends the body.
        static let owesContinue = Facts(rawValue: 4)
        /// The end of the connection is the end of the response, so that nothing but a reset shows that it was cut.
        static let endsByClose = Facts(rawValue: 8)
        /// It is one too many, or its like: many may come.
        static let tooMany = Facts(rawValue: 16)
        /// It was upgraded.
        static let leftHTTP = Facts(rawValue: 32)
    }

    package internal(set) var state = State.fresh
    var ending = Ending.none
    var facts: Facts = []

    package init() {}

    // MARK: What it says of itself

    /// Whether another request may follow the response under way.
    package var keepsAlive: Bool { ending == .none }

    /// Whether the client sends no more.
    package var inputEnded: Bool { facts.contains(.inputEnded) }

    /// Whether a request of HTTP is being answered.
    package var isServing: Bool {
        switch state {
        case .serving, .receiving, .sending, .halfClosed: true
        case .fresh, .idle, .head, .flushing, .closing, .lingering, .upgraded, .tidying, .closed: false
        }
    }

    package var isUpgraded: Bool {
        if case .upgraded = state { true } else { false }
    }

    package var isLingering: Bool {
        if case .lingering = state { true } else { false }
    }

    package var isHalfClosed: Bool {
        if case .halfClosed = state { true } else { false }
    }

    // MARK: What happens

    /// Takes an event up, and returns what is to be done.
    package mutating func on(
        _ event: ConnectionEvent, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch event {
        case .request: begin()
        case .served(nil) where isPlain && !moment.isDraining: rest(at: moment, terms)
        default: onOther(event, at: moment, terms)
        }
    }

    /// A whole head has come.
    private mutating func begin() -> ConnectionActions {
        facts.remove(.partialHead)
        state = .serving
        return ConnectionActions(.serve, deadline: .max)
    }

    /// Whether a request is answered of which nothing unusual is known.
    private var isPlain: Bool { keepsAlive && facts.isEmpty && isServing }

    /// Waits for the next request.
    mutating func rest(at moment: ConnectionMoment, _ terms: ConnectionTerms) -> ConnectionActions {
        state = .idle(since: moment.now)
        return ConnectionActions(.startReading, deadline: moment.now + terms.idle)
    }

    /// What is not each request's.
    @inline(never)
    private mutating func onOther(
        _ event: ConnectionEvent, at moment: ConnectionMoment, _ terms: ConnectionTerms
    ) -> ConnectionActions {
        switch event {
        case .opened:
            return ConnectionActions(.startReading, deadline: moment.now + terms.head)
        case .request:
            return begin()
        case .headPart:
            return headPart(at: moment, terms)
        case .refused(let lingers, let isTooMany, let unsent):
            return refused(lingers, isTooMany, unsent, at: moment, terms)
        case .overloaded(let isBegun):
            return overloaded(isBegun)
        case .bodyBegins, .bodyPart, .bodyAwaited, .bodyTaken, .bodyGivenUp, .bodyEnded:
            return onBody(event, at: moment, terms)
        case .responds, .responseCloses, .streams, .streamFailed, .served:
            return onResponse(event, at: moment, terms)
        case .wrote, .drained:
            return onOutput(event, at: moment, terms)
        case .inputEnded(let unsent):
            return endInput(unsent, at: moment, terms)
        case .broken:
            return breakOff()
        case .discarded(let count):
            return discard(count, at: moment, terms)
        case .deadline(let progress):
            return deadlinePassed(progress, at: moment, terms)
        case .serverDrains(let hasUnread):
            return serverDrains(hasUnread, at: moment, terms)
        case .upgrades, .protocolWaits, .protocolCloses, .protocolAborts:
            return onProtocol(event, at: moment, terms)
        case .aborted:
            return state == .tidying ? .none : abort()
        case .closed(let isHandled):
            state = isHandled ? .tidying : .closed
            return isHandled ? ConnectionActions([], deadline: moment.now + terms.tidying) : .none
        }
    }
}
