import CraneLoop
import Logging

/// A client's connections on one loop. Loop's thread only.
@safe
final class PostgresPool: LoopResident, @unchecked Sendable {
    /// What waits for a connection of its own: a write, or a transaction with all its statements.
    @safe
    enum Turn {
        case write(PostgresRequest)
        case transaction(UnsafeContinuation<Result<PostgresConnection, PostgresError>, Never>)

        func fail(_ error: PostgresError) {
            switch self {
            case .write(let request): request.fail(error)
            case .transaction(let continuation): unsafe continuation.resume(returning: .failure(error))
            }
        }
    }

    let loop: EventLoop
    let configuration: PostgresConfiguration
    private let logger: Logger
    private let ended: @Sendable (EventLoop) -> Void
    let counters: AtomicPostgresCounters
    private var readers: [PostgresPlace] = []
    private var writers: [PostgresPlace] = []
    private var waitingReads = Queue<PostgresRequest>()
    private var waitingTurns = Queue<Turn>()
    private var timer: LoopTimer?
    private var isOpen = false
    private var isClosed = false
    private var lastError = PostgresError(.unavailable, message: "there is no connection yet")

    /// - Parameter ended: called when the loop has ended.
    init(
        _ loop: EventLoop, _ configuration: PostgresConfiguration, _ counters: AtomicPostgresCounters,
        logger: Logger, ended: @escaping @Sendable (EventLoop) -> Void
    ) {
        self.loop = loop
        self.configuration = configuration
        self.counters = counters
        self.logger = logger
        self.ended = ended
    }

    // MARK: Statements

    /// Sends a read, by the connection that has the fewest statements before it.
    func read(_ request: PostgresRequest) {
        guard admit(request.fail) else { return }
        queue(read: request)
    }

    /// Carries a write out, in a transaction of its own, when a connection is free for it.
    func write(_ turn: Turn) {
        guard admit(turn.fail) else { return }
        waitingTurns.append(turn)
        serveTurns()
    }

    /// Whether one more statement may come; opens the connections with the first.
    private func admit(_ refuse: (PostgresError) -> Void) -> Bool {
        guard open() else {
            refuse(PostgresError(.closed, message: "the client has been closed"))
            return false
        }
        guard waitingReads.count + waitingTurns.count < configuration.maximumWaiting else {
            counters.overloaded()
            refuse(PostgresError(.overloaded, message: "\(configuration.maximumWaiting) statements wait"))
            return false
        }
        return true
    }

    private func queue(read request: PostgresRequest) {
        if let connection = leastLoaded() { return connection.send(request) }
        guard readers.contains(where: \.mayServe) else { return request.fail(lastError) }
        waitingReads.append(request)
    }

    /// A pipeline that is not full: what is behind many others waits here, where another connection may take it.
    private func leastLoaded() -> PostgresConnection? {
        var best: PostgresConnection?
        for place in readers {
            guard let connection = place.connection, connection.waiting < 64 else { continue }
            if best.map({ connection.waiting < $0.waiting }) ?? true { best = connection }
        }
        return best
    }

    private func serveReads() {
        while waitingReads.count > 0, let connection = leastLoaded() {
            connection.send(waitingReads.removeFirst())
        }
    }

    private func serveTurns() {
        while let turn = waitingTurns.first {
            guard let free = writer(for: turn) else {
                guard !writers.contains(where: \.mayServe) else { return }
                let failed = waitingTurns.removeAll()
                for turn in failed { turn.fail(lastError) }
                return
            }
            _ = waitingTurns.removeFirst()
            switch turn {
            case .write(let request): free.send(request)
            case .transaction(let continuation):
                free.isLent = true
                unsafe continuation.resume(returning: .success(free))
            }
        }
    }

    /// The connection that can take one more; a write goes behind another one too, which leaves the server nothing to wait for between
    /// the two. Not so a transaction, whose statements come one by one.
    private func writer(for turn: Turn) -> PostgresConnection? {
        let connections = writers.lazy.compactMap(\.connection)
        if let free = connections.first(where: { !$0.isTaken }) { return free }
        guard case .write = turn else { return nil }
        return connections.first { !$0.isLent && $0.writes < 2 }
    }

    /// Takes back a connection that a transaction has had.
    ///
    /// - Parameter isClean: whether nothing of the transaction is left on it.
    func giveBack(_ connection: PostgresConnection, isClean: Bool) {
        connection.isLent = false
        guard isClean else {
            return connection.fail(
                PostgresError(.unavailable, message: "a transaction could not be ended"))
        }
        serveTurns()
    }

    /// Something that was sent on a connection has been answered.
    private func hasRoom() {
        serveReads()
        serveTurns()
    }

    // MARK: Connections

    /// Opens the connections with the first statement; false when the loop ends.
    @discardableResult
    func open() -> Bool {
        if isOpen || isClosed { return isOpen }
        guard loop.admit(self) else { return false }
        isOpen = true
        readers = (0..<max(1, configuration.readConnections)).map { _ in PostgresPlace(isReader: true) }
        writers = (0..<max(1, configuration.writeConnections)).map { _ in PostgresPlace(isReader: false) }
        timer = LoopTimer(loop: loop) { [unowned self] in look() }
        timer?.set(milliseconds: Self.interval)
        for place in readers + writers { connect(place) }
        return true
    }

    private static let interval: UInt64 = 500

    /// Looks after connections that say nothing, twice a second.
    private func look() {
        for connection in (readers + writers).compactMap(\.connection) { connection.look(at: loop.now) }
        timer?.set(milliseconds: Self.interval)
    }

    private func connect(_ place: PostgresPlace) {
        place.state = .connecting
        loop.startTask { [self, configuration, loop] in
            let result: Result<PostgresSession, PostgresError>
            do {
                result = try await loop.blocking {
                    do throws(PostgresError) {
                        return .success(try PostgresSession.connect(configuration))
                    } catch {
                        return .failure(error)
                    }
                }
            } catch {
                result = .failure(PostgresError(.unavailable, message: "no thread is free to connect"))
            }
            finishConnecting(place, result)
        }
    }

    private func finishConnecting(
        _ place: PostgresPlace, _ result: Result<PostgresSession, PostgresError>
    ) {
        guard isOpen else { return }
        do throws(PostgresError) {
            let patience = UInt64(configuration.statementTimeout.milliseconds) + 5000
            let connection = try PostgresConnection(
                result.get(), loop: loop, patience: patience, hasRoom: { [unowned self] in hasRoom() },
                ended: { [unowned self] in connectionEnded($0, $1, $2) })
            place.state = .open(connection)
            if place.failures > 0 { logger.notice("connected to the database again") }
            place.failures = 0
            counters.opened()
            place.isReader ? serveReads() : serveTurns()
        } catch {
            fail(place, error)
        }
    }

    /// Tries again a little later, and later each time; who waits is told when nobody else could serve them.
    private func fail(_ place: PostgresPlace, _ error: PostgresError) {
        lastError = error
        if place.failures == 0 {
            logger.error("there is no connection to the database", metadata: ["error": "\(error)"])
        }
        let timer = LoopTimer(loop: loop) { [unowned self] in
            place.closeTimer()
            connect(place)
        }
        place.state = .waiting(timer)
        timer.set(milliseconds: place.delay)
        place.failures += 1
        if !readers.contains(where: \.mayServe) {
            for request in waitingReads.removeAll() { request.fail(error) }
        }
        if !writers.contains(where: \.mayServe) {
            for turn in waitingTurns.removeAll() { turn.fail(error) }
        }
    }

    private func connectionEnded(
        _ connection: PostgresConnection, _ error: PostgresError, _ requests: [PostgresRequest]
    ) {
        lastError = error
        if let place = (readers + writers).first(where: { $0.connection === connection }) {
            counters.lost()
            if isOpen {
                logger.warning("a connection to the database ended", metadata: ["error": "\(error)"])
                // At once: after a failover another host may be there already.
                connect(place)
            }
        }
        // Of statements that went together the last one says what became of all.
        for request in requests where request.mode == .write { request.fail(error.ofUnknownWrite) }
        for request in requests where !request.isOver {
            switch request.mode {
            case .read where request.retries < 2 && isOpen && error.kind != .tooLong:
                request.retries += 1
                counters.retried()
                waitingReads.append(request)
            case .read, .part, .write: request.fail(error)
            }
        }
        if !readers.contains(where: \.mayServe) {
            for request in waitingReads.removeAll() { request.fail(error) }
        }
        serveReads()
    }

    // MARK: End

    /// Closes all connections; who still waits is told.
    func close() {
        guard isOpen else { return }
        isOpen = false
        isClosed = true
        let error = PostgresError(.closed, message: "the client has been closed")
        for place in readers + writers {
            place.closeTimer()
            place.connection?.fail(error)
        }
        readers = []
        writers = []
        for request in waitingReads.removeAll() { request.fail(error) }
        for turn in waitingTurns.removeAll() { turn.fail(error) }
        timer?.close()
        timer = nil
        loop.dismiss(self)
    }

    func loopEnds() {
        close()
        ended(loop)
    }
}
