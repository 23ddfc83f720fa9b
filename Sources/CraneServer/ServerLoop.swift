import CraneHTTP
import CraneLoop
import CraneSystem
import Logging
import Synchronization

/// One of the server's loops: its connections, and what they use again and again. Loop's thread only, unless said otherwise.
@safe
final class ServerLoop: @unchecked Sendable {
    let events: EventLoop
    @safe @exclusivity(unchecked) var responder: any Responder
    let configuration: ServerConfiguration
    let logger: Logger
    let load: ServerLoad
    let date = HTTPDate()
    /// The configuration's time-outs.
    let terms: ConnectionTerms
    private let blockedLoopThreshold: UInt64
    /// Descriptors from this number on are left to files: connections that get one are refused.
    let descriptorBound = ServerLoop.connectionDescriptors()
    /// When a connection that the system could not give was told of last, in the loop's milliseconds.
    var failedAcceptTold: UInt64?

    /// Connections whose request waits to be served.
    private let ready = StreamQueue()
    /// Connections that have had their share of a turn and have more to be served: behind those that have just come.
    private let unfinished = StreamQueue()
    /// How many of them may still have a share of this turn.
    @safe @exclusivity(unchecked) private var unfinishedInTurn = 0
    /// Counts tasks: a task whose number has passed has waited, and takes no more connections.
    @safe @exclusivity(unchecked) private var turn: UInt64 = 0
    /// The connection that is being served on the loop's stack; not those whose handler waits.
    @safe @exclusivity(unchecked) private(set) var serving: HTTPConnection?

    /// What the read that is going on has brought and nobody has taken, and whose it is; only inside `didRead`. Here and not in
    /// each connection, of which most are idle.
    @exclusivity(unchecked) var window = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    @safe @exclusivity(unchecked) var reader: ObjectIdentifier?
    /// What is known of a request that is about to be refused.
    @safe @exclusivity(unchecked) var refused: Request?

    private var listeners: [StreamListener] = []
    private var connections: [HTTPConnection] = []
    private let spareRequests = FreeList<Request>(bound: 256)
    private let spareOutputs = FreeList<OutputBuffer>(bound: 256)
    /// Tasks that outlive their request or their connection.
    private var background = 0
    /// The graceful shutdown begins, for those who wait for it; any thread.
    let draining = OneTimeEvent()
    // Asked for each response: a load, and no call.
    private let drains = Atomic(false)
    var isDraining: Bool { drains.load(ordering: .relaxed) }
    /// Whether the server comes back at once.
    private(set) var restarts = false
    /// While a shutdown begins: how often the system is still asked for connections and requests before those that idle are
    /// closed; 0 otherwise.
    private var pollsUntilIdleClose = 0
    /// How many of the connections, from the first, have not been told of the shutdown.
    private var undrained = 0
    private var isStopped = false
    /// What lets go of the loop when it has ended.
    var endings: [@Sendable () -> Void] = []
    /// A whole backlog of connections is accepted in so many turns.
    private static let pollsBeforeIdleClose = 80

    init(
        index: Int, responder: any Responder, configuration: ServerConfiguration, logger: Logger,
        load: ServerLoad
    ) throws(UVError) {
        events = try EventLoop(index: index)
        self.responder = responder
        self.configuration = configuration
        self.logger = logger
        self.load = load
        terms = ConnectionTerms(configuration)
        blockedLoopThreshold = configuration.blockedLoopThreshold.nanoseconds
        events.turnShare = configuration.turnShare.nanoseconds
        events.afterPoll = { [unowned self] in serveReady() }
        events.onBlocked(longerThan: blockedLoopThreshold) { [unowned self] held, owner in
            tell(owner as? Request, held, 1)
        }
    }

    /// Runs the loop on the calling thread to its end.
    func run() {
        events.run()
        for ending in endings { ending() }
        endings = []
        // What it answered for may hold connections, and they their loop.
        responder = NoResponder()
        // A spare request holds this loop through what it knows of its connection.
        spareRequests.removeAll()
    }

    func listen(on socket: consuming ListeningSocket) throws(UVError) {
        let listener = try StreamListener(
            on: socket, loop: events, makeConnection: { [unowned self] in HTTPConnection(server: self) },
            failed: { [unowned self] error in noteFailedAccept(error) })
        listeners.append(listener)
    }

    // MARK: Serving

    /// Has `connection` served when the system has nothing more ready to be read.
    func enqueue(_ connection: HTTPConnection) { ready.append(connection) }

    /// Has `connection`, which has had its share of this turn, served further in the next.
    func enqueueUnfinished(_ connection: HTTPConnection) {
        unfinished.append(connection)
        events.wake()
    }

    /// Serves what this turn has read until its share of time is used up, in plain calls as long as every response is ready.
    ///
    /// A task costs as much as a whole parser: so one begins only with a connection whose handler is asynchronous, and goes on with
    /// the others, on this function's stack. When a handler waits, the task stays with that connection, and what is left is served
    /// here as before.
    private func serveReady() {
        unfinishedInTurn = unfinished.count
        if hasNext { events.beginSlice() }
        while let waiting = nextThatWaits() {
            let turn = turn
            let task = events.startTask { [self] in await serve(turn, waiting) }
            self.turn = turn &+ 1
            guard let connection = serving else { continue }
            serving = nil
            connection.suspended(in: task)
        }
        if !ready.isEmpty || !unfinished.isEmpty { events.wake() }
        if pollsUntilIdleClose > 0 { closeIdleSoon() }
        if undrained > 0 { drainSome() }
    }

    /// Whether a connection has a share in what is left of this turn. The first always has.
    private var hasNext: Bool { (!ready.isEmpty || unfinishedInTurn > 0) && !events.isTurnOver }

    private func next() -> HTTPConnection? {
        if !ready.isEmpty { return ready.removeFirst() as? HTTPConnection }
        unfinishedInTurn -= 1
        return unfinished.removeFirst() as? HTTPConnection
    }

    /// Goes from connection to connection until a handler has waited: by then the rest is served without this task.
    private func serve(_ turn: UInt64, _ first: WaitingExchange) async {
        var next: WaitingExchange? = first
        while let waiting = next {
            serving = waiting.connection
            await waiting.connection.serve(waiting)
            guard turn == self.turn else { return }
            serving = nil
            next = nextThatWaits()
        }
    }

    /// Serves connections as long as every response is ready; gives back the first exchange that needs a task.
    private func nextThatWaits() -> WaitingExchange? {
        while hasNext {
            guard let connection = next() else { continue }
            serving = connection
            let waiting = connection.serve()
            serving = nil
            if let waiting { return waiting }
        }
        return nil
    }

    /// Ends what ran without a wait for `request`, and tells the responder when it was too long. Returns its nanoseconds.
    @discardableResult
    func endSlice(of request: Request?) -> UInt64 {
        let held = events.endSlice()
        if held > blockedLoopThreshold { tell(request, held, 1) }
        return held
    }

    /// Ends a connection's share of a turn; a last request that was too long by itself has been told.
    func endShare(of request: Request, _ share: TurnShare) {
        if share.held > blockedLoopThreshold, share.last <= blockedLoopThreshold {
            tell(request, share.held, share.requests)
        }
    }

    @inline(never)
    private func tell(_ request: Request?, _ held: UInt64, _ requests: Int) {
        responder.loopWasBlocked(by: request, for: .nanoseconds(held), requests: requests)
    }

    // MARK: Connections

    func add(_ connection: HTTPConnection) {
        connection.position = Int32(connections.count)
        connections.append(connection)
    }

    func remove(_ connection: HTTPConnection) {
        let position = Int(connection.position)
        guard position >= 0 else { return }
        connection.position = -1
        let last = connections.removeLast()
        if last !== connection {
            connections[position] = last
            last.position = Int32(position)
        }
        load.countClosed()
        stopWhenDone()
    }

    // MARK: What is used again

    /// A request for the next head.
    func takeRequest(from peer: PeerAddress) -> Request {
        guard let request = spareRequests.take() else {
            return Request(connection: ConnectionInfo(peer: peer, loop: self, load: load))
        }
        request.reset(peer: peer)
        return request
    }

    /// Keeps a request for later unless somebody else holds it; the caller drops its own reference next.
    func recycle(_ request: inout Request) {
        guard isKnownUniquelyReferenced(&request) else { return }
        if request.capacity <= 64 << 10 { spareRequests.put(request) }
    }

    func takeOutput() -> OutputBuffer { spareOutputs.take() ?? OutputBuffer() }

    func recycle(_ output: OutputBuffer) {
        output.removeAll()
        if output.allocated <= 64 << 10 { spareOutputs.put(output) }
    }

    /// Brings the `date` field up to date: time(2) without a system call, and a comparison.
    func refreshDate() {
        date.refresh(unixTime: Int64(time(nil)))
    }

    // MARK: Shutdown

    /// Begins the graceful shutdown: what runs is finished, what idles is closed.
    func drain(restarts: Bool) {
        guard !isDraining else { return }
        self.restarts = restarts
        beginDraining()
        for listener in listeners { listener.admitNoMore() }
        // Here requests that have reached the kernel may not have been read yet.
        pollsUntilIdleClose = ServerLoop.pollsBeforeIdleClose
        events.execute {}
        let deadline = configuration.shutdownDeadline
        events.startTask { [self] in
            try? await events.sleep(for: deadline)
            guard !isStopped else { return }
            logger.warning(
                "shutdown deadline passed",
                metadata: ["connections": "\(connections.count)", "background": "\(background)"])
            stopNow()
        }
    }

    private func beginDraining() {
        drains.store(true, ordering: .relaxed)
        draining.happen()
    }

    /// Stops listening and closes what idles once nothing waits to be accepted, after the last poll at the latest.
    private func closeIdleSoon() {
        pollsUntilIdleClose -= 1
        if pollsUntilIdleClose > 0,
            pollsUntilIdleClose > ServerLoop.pollsBeforeIdleClose - 2
                || listeners.contains(where: \.hasWaitingConnections)
        {
            events.execute {}
            return
        }
        pollsUntilIdleClose = 0
        for listener in listeners { listener.close() }
        listeners = []
        undrained = connections.count
        drainSome()
        stopWhenDone()
    }

    /// Tells some of the connections of the shutdown: thousands would hold the turn.
    private func drainSome() {
        var number = 0
        // From the end: one that goes is replaced by the last, which has been told.
        while undrained > 0, number < 256 {
            undrained = min(undrained, connections.count) - 1
            if undrained >= 0 { connections[undrained].drain() }
            number += 1
        }
        if undrained > 0 { events.wake() }
    }

    /// Ends everything at once.
    func stopNow() {
        guard !isStopped else { return }
        isStopped = true
        beginDraining()
        for listener in listeners { listener.close() }
        listeners = []
        for connection in connections { connection.abort() }
        events.stop()
    }

    /// Something begins that a graceful shutdown waits for, though its connection may be closed; `endWork` says when it is over.
    func beginWork() { background += 1 }

    func endWork() {
        background -= 1
        stopWhenDone()
    }

    private func stopWhenDone() {
        guard isDraining, !isStopped, listeners.isEmpty, connections.isEmpty, background == 0 else { return }
        isStopped = true
        events.stop()
    }
}

/// Stands for the responder of a loop that has ended: it is asked nothing.
private final class NoResponder: Responder {
    func respond(to request: Request) -> EventualResponse { .ready(Response()) }
}

extension ConnectionTerms {
    fileprivate convenience init(_ configuration: ServerConfiguration) {
        self.init(
            head: configuration.headTimeout.loopMilliseconds,
            idle: configuration.idleTimeout.loopMilliseconds,
            body: configuration.bodyRateTerm.loopMilliseconds, bodyRate: configuration.minimumBodyRate,
            write: configuration.writeTimeout.loopMilliseconds, writeRate: configuration.minimumResponseRate,
            halfClose: configuration.halfCloseGrace.loopMilliseconds,
            tidying: configuration.closedGrace.loopMilliseconds,
            lingerSilence: configuration.lingerSilence.loopMilliseconds,
            linger: configuration.lingerTime.loopMilliseconds, lingerBytes: configuration.lingerBytes)
    }
}
