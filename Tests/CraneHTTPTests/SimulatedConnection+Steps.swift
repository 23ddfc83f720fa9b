@testable import CraneHTTP

// What may happen to it.
extension SimulatedConnection {
    /// One thing that may happen, as the seed says.
    mutating func step() {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<6: clientSends()
        case 6..<8: clientTakes()
        case 8: if chance(1, of: 4) { clientEnds() }
        case 9: if chance(1, of: 8), isOpen { on(.broken) }
        case 10..<15: handlerGoesOn()
        case 15..<17: pass(UInt64.random(in: 0...20_000, using: &random))
        case 17: if chance(1, of: 2) { overload() }
        case 18: if chance(1, of: 10) { drain() }
        default: flush()
        }
        closeSocket()
    }

    /// Time and the handler alone go on: the client has gone silent.
    mutating func settle() {
        let waits = handler == .waitsForBody || handler == .discards
        if handler != .none, !waits || !isOpen || isCancelled {
            handlerGoesOn(ends: true)
        } else if deadline != .max {
            pass(deadline > now ? deadline - now : 0)
        } else {
            require(false, "nothing will ever happen")
        }
        closeSocket()
    }

    mutating func closeSocket() {
        guard !isOpen, machine.state == .closed || machine.isUpgraded, handler != .none || deadline != .max
        else { return }
        deadline = .max
        on(.closed(isHandled: handler == .upgraded))
    }

    mutating func clientSends() {
        guard isOpen, isReading else { return }
        if machine.isLingering { return on(.discarded(Int.random(in: 1...(100 << 20), using: &random))) }
        guard !machine.isUpgraded, handler != .upgraded else { return }
        if let left = bodyLeft, left > 0 { return clientSendsBody(left) }
        let isPart = chance(1, of: 3)
        guard machine.isServing else {
            guard machine.keepsAlive else { return }
            hasPart = isPart
            if isPart { return on(.headPart) }
            return on(.request)
        }
        guard !hasPart else {
            (hasPart, kept) = (false, kept + 1)
            return
        }
        if isPart { hasPart = true } else { kept += 1 }
        if kept > 3 { isReading = false }
    }

    mutating func clientSendsBody(_ left: Int) {
        let count = Int.random(in: 1...left, using: &random)
        on(.bodyPart)
        bodyLeft = left - count
        received += UInt64(count)
        if chance(1, of: 20) {
            on(.bodyGivenUp)
            return failBody()
        }
        if bodyLeft == 0 {
            if handler == .waitsForBody { handler = .works }
            if handler == .discards { endBody() }
        }
    }

    mutating func clientTakes() {
        guard isOpen, unsentBytes > 0 else { return }
        unsentBytes -= Int.random(in: 1...unsentBytes, using: &random)
        if chance(1, of: 2) { unsentBytes = 0 }
        guard unsentBytes == 0 else { return }
        let isAwaited = handler == .waitsForBody || handler == .discards
        guard handOver() else { return }
        on(.drained(received: isAwaited ? received : nil, unsent: unsent))
    }

    mutating func clientEnds() {
        guard isOpen, isReading, !hasEnded else { return }
        (hasEnded, isReading) = (true, false)
        guard handOver() else { return }
        on(.inputEnded(unsent: unsent))
    }

    mutating func handlerGoesOn(ends: Bool = false) {
        switch handler {
        case .none:
            break
        case .waitsForBody:
            if isCancelled || !isOpen { respond() }
        case .discards:
            guard isCancelled || !isOpen else { break }
            bodyFailed = true
            endBody()
        case .queued:
            if isOpen, machine.keepsAlive { begin() } else { finish() }
        case .refused:
            finish()
        case .works:
            if !ends, !isCancelled, let left = bodyLeft, left > 0, !bodyFailed, chance(1, of: 2), isOpen {
                handler = .waitsForBody
                on(.bodyAwaited(received: received))
            } else if !ends, !isCancelled, isOpen, bodyLeft == nil, chance(1, of: 15) {
                responses += 1
                write(100)
                handler = .upgraded
                on(.upgrades)
            } else {
                respond()
            }
        case .upgraded:
            upgradedGoesOn(ends: ends)
        }
    }

    mutating func upgradedGoesOn(ends: Bool) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: on(.protocolWaits(until: now + 3000))
        case 1 where machine.isUpgraded && isOpen: write(5000)
        case 2 where machine.isUpgraded && isOpen && !ends:
            flush()
            on(.protocolCloses(unsent: unsent))
        case 3 where !ends && chance(1, of: 4): on(.protocolAborts)
        case 4 where !ends: break
        case 5...:
            guard ends || isCancelled || chance(1, of: 8) else { return }
            if machine.isUpgraded, isOpen {
                flush()
                on(.protocolCloses(unsent: unsent))
            }
            finish()
        default: break
        }
    }

    mutating func pass(_ milliseconds: UInt64) {
        now += milliseconds
        guard deadline <= now else { return }
        deadline = .max
        let isAwaited = handler == .waitsForBody || handler == .discards
        on(
            .deadline(
                ConnectionProgress(
                    unsent: unsentBytes, received: isAwaited ? received : nil,
                    isBroken: machine.isHalfClosed && chance(1, of: 10))))
    }

    mutating func overload() {
        guard isOpen, handler != .upgraded, !machine.isLingering, kept > 0 || hasPart || bodyLeft != nil
        else { return }
        on(.overloaded(isBegun: handler != .queued))
    }

    mutating func drain() {
        guard !isDraining, isOpen else { return }
        isDraining = true
        on(.serverDrains(hasUnread: chance(1, of: 4)))
    }
}
