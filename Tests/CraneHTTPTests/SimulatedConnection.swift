import TestSupport

@testable import CraneHTTP

/// A connection without a socket, whose client, handler and clock a seed moves: it carries the machine's actions out as the server
/// does, and writes down what must not be.
struct SimulatedConnection {
    enum Handler: Equatable {
        case none
        /// The request waits for its turn on the loop.
        case queued
        /// It was refused while it waited.
        case refused
        case works
        case waitsForBody
        /// The response has gone; what is left of the body is read.
        case discards
        case upgraded
    }

    var machine = ConnectionMachine()
    var wrongs: [String] = []
    var random: SplitMix
    let terms = ConnectionTerms()
    var now: UInt64 = 1000
    var deadline = UInt64.max
    var isOpen = true
    var isDraining = false
    /// Events that are being told: one may be told while the actions of another are carried out.
    var depth = 0

    // The client's side.
    var isReading = false
    var hasEnded = false
    /// Whole requests that are kept, and the part of one behind them.
    var kept = 0
    var hasPart = false
    /// What is to come of the body of the request that is served, `nil` when nothing arrives.
    var bodyLeft: Int?
    var bodyFailed = false
    var received: UInt64 = 0

    // The server's side.
    var handler = Handler.none
    var isCancelled = false
    var output = 0
    var unsentBytes = 0
    var requests = 0
    var responses = 0
    var refusals = 0

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
        on(.opened)
    }

    var isOver: Bool { !isOpen && machine.state == .closed && handler == .none }

    mutating func chance(_ part: Int, of whole: Int) -> Bool {
        Int.random(in: 0..<whole, using: &random) < part
    }

    mutating func require(_ condition: Bool, _ what: String) {
        if !condition { wrongs.append("\(what) in \(machine.state), handler \(handler), at \(now)") }
    }

    // MARK: The machine

    var unsent: Int? { unsentBytes > 0 ? unsentBytes : nil }

    mutating func on(_ event: ConnectionEvent) {
        let moment = ConnectionMoment(now: now, isDraining: isDraining, holdsInput: kept > 0)
        let actions = machine.on(event, at: moment, terms)
        if actions.deadline != 0 { deadline = actions.deadline }
        depth += 1
        perform(actions.steps)
        depth -= 1
        guard depth == 0 else { return }
        require(!isOpen || machine.state != .closed, "an open socket beside a machine that is closed")
        // Whoever waits for nothing would wait for ever.
        require(!isOpen || deadline != .max || handler != .none, "neither a deadline nor work after \(event)")
    }

    mutating func perform(_ steps: ConnectionActions.Steps) {
        let fails: ConnectionActions.Steps = [.abortBody, .endSlowBody, .endExcessiveBody]
        if !steps.isDisjoint(with: fails), bodyLeft != nil { failBody() }
        if steps.contains(.cancel) { isCancelled = true }
        if steps.contains(.dropInput) || steps.contains(.releaseBuffers) { (kept, hasPart) = (0, false) }
        if steps.contains(.releaseBuffers) { output = 0 }
        if steps.contains(.sendContinue) {
            require(isOpen && handler == .waitsForBody || handler == .discards, "a 100 that nobody waits for")
            output += 25
        }
        if steps.contains(.sendContinue) || steps.contains(.flush) { flush() }
        if steps.contains(.shutdownWriting) {
            require(isOpen && unsentBytes == 0, "an end before the output's")
        }
        if steps.contains(.startReading), isOpen, !hasEnded { isReading = true }
        if steps.contains(.serve) {
            require(handler == .none && isOpen, "a second request at a time")
            handler = .queued
            requests += 1
        }
        if steps.contains(.tellDeadline) || steps.contains(.tellShutdown) {
            require(handler == .upgraded, "something told to a protocol that has ended")
        }
        if steps.contains(.close) || steps.contains(.reset) {
            (isOpen, isReading, unsentBytes, output) = (false, false, 0, 0)
        }
        if steps.contains(.refuseSlow) || steps.contains(.refuseOverloaded) { refuse() }
    }

    // MARK: Output

    mutating func write(_ count: Int) {
        require(isOpen, "a write after the close")
        require(!machine.isLingering, "a write after the end")
        output += count
    }

    mutating func flush() {
        defer { output = 0 }
        guard isOpen, output > 0 else { return }
        if chance(1, of: 50) { return on(.aborted) }
        let takes = unsentBytes == 0 && chance(3, of: 4) ? output : 0
        unsentBytes += output - takes
        if unsentBytes > 0 {
            on(.wrote(output, unsent: unsentBytes))
        } else if machine.isHalfClosed {
            on(.wrote(output, unsent: nil))
        }
    }

    mutating func handOver() -> Bool {
        if !machine.isServing, !machine.isUpgraded { flush() }
        return isOpen
    }

    mutating func refuse() {
        require(refusals == 0, "a second refusal")
        if handler == .queued { handler = .refused }
        refusals += 1
        hasPart = false
        write(200)
        guard handOver() else { return }
        on(.refused(lingers: true, isTooMany: false, unsent: unsent))
    }

    // MARK: Requests

    mutating func failBody() {
        bodyFailed = true
        if handler == .waitsForBody { handler = .works }
        if handler == .discards { endBody() }
    }

    mutating func begin() {
        handler = .works
        (bodyLeft, bodyFailed, received) = (nil, false, 0)
        guard chance(1, of: 4) else { return }
        bodyLeft = Int.random(in: 1...5000, using: &random)
        on(.bodyBegins(expectsContinue: chance(1, of: 2)))
    }

    mutating func respond() {
        guard isOpen else { return finish() }
        responses += 1
        require(responses <= requests, "two responses to a request")
        let closes = chance(1, of: 10) || isDraining
        if closes || bodyLeft != nil { on(.responds(closes: closes)) }
        write(Int.random(in: 20...50_000, using: &random))
        if !machine.keepsAlive || chance(1, of: 20) { on(.responseCloses(isAgreed: chance(1, of: 2))) }
        if chance(1, of: 10) {
            on(.streams(untilClose: chance(1, of: 2)))
            if chance(1, of: 2) { flush() }
            if chance(1, of: 4) { on(.streamFailed) }
        }
        if bodyLeft != nil, !bodyFailed, machine.keepsAlive, isOpen {
            handler = .discards
            on(.bodyAwaited(received: received))
        } else {
            endBody()
        }
    }

    mutating func endBody() {
        if bodyLeft != nil {
            let isWhole = bodyLeft == 0 && !bodyFailed
            handler = .works
            bodyLeft = nil
            on(.bodyEnded(isWhole: isWhole))
        }
        next()
    }

    mutating func next() {
        guard isOpen, machine.keepsAlive, kept > 0 else {
            if isOpen, machine.keepsAlive, hasPart { on(.headPart) }
            return finish()
        }
        kept -= 1
        if !isReading, !hasEnded { isReading = true }
        requests += 1
        begin()
    }

    mutating func finish() {
        handler = .none
        if isOpen { flush() }
        guard isOpen || machine.state == .tidying else { return }
        on(.served(unsent: unsent))
    }
}
