import CraneLoop
import CraneRESP
import Logging

/// A client of a broker: its commands are done one after the other, and answered in their order. Loop's thread only.
final class BrokerConnection: StreamConnection, @unchecked Sendable {
    /// Output that a client has not taken, beyond which it must wait for its next command; input likewise.
    private static let share = 256 << 10
    /// Milliseconds: to say the password, to send the rest of a command, and to take what is sent.
    private static let openingTime: UInt64 = 10_000
    private static let commandTime: UInt64 = 30_000
    private static let readingTime: UInt64 = 60_000

    let core: BrokerCore
    let id: Int
    /// The number of the Redis database that it has chosen.
    var database = 0
    var isAuthenticated: Bool
    /// The commands of a transaction that is open.
    var transaction: BrokerTransaction?
    /// Watched keys and their versions.
    var watched: [String: UInt64] = [:]
    var channels: Set<[UInt8]> = []
    var patterns: Set<GlobPattern> = []
    /// Messages that it was given and nobody has acknowledged.
    var taken: Set<Int> = []
    /// What it waits for.
    var waiter: QueueLines.Waiter?
    var version: RESPVersion { output.version }

    private var input: RESPRequestReader
    private var output = RESPWriter()
    private var isWorking = false
    private var willFlush = false
    private var isEnding = false
    private var isDraining = false
    private var whenDrained: CheckedContinuation<Void, Never>?

    init(_ core: BrokerCore) {
        self.core = core
        id = core.nextConnectionID()
        isAuthenticated = core.configuration.password == nil
        input = RESPRequestReader(.init(bytes: core.configuration.limits.commandBytes))
        super.init(loop: core.events)
    }

    /// Who it is, for the log.
    var peerDescription: String {
        guard let peer = peerAddress else { return "a Unix socket" }
        if let (address, port) = peer.ipv4 {
            let bytes = [24, 16, 8, 0].map { String(address >> UInt32($0) & 255) }
            return bytes.joined(separator: ".") + ":\(port)"
        }
        return "port \(peer.port ?? 0)"
    }

    // MARK: What it hears

    override func didOpen() {
        guard core.admit(self) else {
            send(.error("ERR max number of clients reached"))
            return end()
        }
        startReading()
        setDeadline()
    }

    override func didRead(_ bytes: UnsafeRawBufferPointer) {
        // The reader copies them.
        unsafe input.append(bytes)
        if isWorking {
            if input.held > Self.share { stopReading() }
        } else {
            work()
        }
    }

    override func didEnd(_ error: UVError?) { close() }

    override func didDrain() {
        let waiting = whenDrained
        whenDrained = nil
        waiting?.resume()
        if isEnding { close() } else { setDeadline() }
    }

    override func didClose() {
        whenDrained?.resume()
        whenDrained = nil
        core.watches.unwatch(watched.keys)
        watched = [:]
        if let waiter { core.lines.end(waiter) }
        core.left(self)
    }

    override func deadlinePassed() {
        if !isEnding, queuedBytes == 0 { core.logger.debug("a client of the broker was too slow") }
        close()
    }

    /// The broker ends: so does this, when what is under way has been answered.
    func drain() {
        isDraining = true
        if let waiter { core.lines.end(waiter) }
        if !isWorking { end() }
    }

    // MARK: Commands

    private func work() {
        guard !isWorking, isOpen, !isEnding else { return }
        isWorking = true
        loop.startTask { [self] in await run() }
    }

    /// Does what has come, command by command, until there is no whole one left.
    private func run() async {
        var number = 0
        while isOpen, !isEnding, !isDraining {
            do throws(RESPError) {
                guard let request = try input.next() else { break }
                switch request {
                case .tooLong:
                    transaction?.isBroken = true
                    send(.error("ERR a command of more than \(core.configuration.limits.commandBytes) bytes"))
                case .command(let words): await perform(words)
                }
            } catch {
                send(.error("ERR Protocol error: \(error)"))
                end()
                break
            }
            if output.bytes.count > Self.share { flush() }
            if queuedBytes > Self.share { await waitUntilDrained() }
            number += 1
            // Others have their turn.
            if number.isMultiple(of: 64) || loop.isTurnOver { await loop.nextTurn() }
        }
        isWorking = false
        guard isOpen, !isEnding else { return }
        if isDraining { return end() }
        startReading()
        setDeadline()
    }

    private func waitUntilDrained() async {
        setDeadline()
        await withCheckedContinuation { continuation in
            if queuedBytes == 0 || !isOpen { return continuation.resume() }
            whenDrained = continuation
        }
    }

    // MARK: Output

    /// Answers, once this turn is over.
    func send(_ value: RESPValue) {
        output.write(value)
        flushLater()
    }

    func speak(_ version: RESPVersion) { output.version = version }

    /// Sends what was not asked for; one that does not take it is given up.
    func post(_ message: RESPValue) {
        guard isOpen, !isEnding else { return }
        send(message)
        guard queuedBytes + output.bytes.count > core.configuration.limits.behind else { return }
        core.logger.warning(
            "a subscriber of the broker is too far behind", metadata: ["client": "\(peerDescription)"])
        close()
    }

    /// Closes it when all that is to be sent has gone.
    func end() {
        guard !isEnding else { return }
        isEnding = true
        stopReading()
        flushLater()
        setDeadline()
    }

    private func flushLater() {
        guard !willFlush else { return }
        willFlush = true
        loop.flushAfterDrain(self)
    }

    /// What may take how long now.
    private func setDeadline() {
        let now = loop.now
        if isEnding || queuedBytes > 0 {
            setDeadline(now + Self.readingTime, on: loop.wheel)
        } else if !isAuthenticated {
            setDeadline(now + Self.openingTime, on: loop.wheel)
        } else if input.isInside, !isWorking {
            setDeadline(now + Self.commandTime, on: loop.wheel)
        } else {
            clearDeadline()
        }
    }
}

extension BrokerConnection: Flushable {
    func flush() {
        willFlush = false
        guard isOpen else { return }
        let bytes = output.take()
        do throws(UVError) {
            if !bytes.isEmpty { try write(bytes) }
        } catch {
            return close()
        }
        if isEnding, queuedBytes == 0 { return close() }
        if queuedBytes > 0 { setDeadline() }
    }
}
