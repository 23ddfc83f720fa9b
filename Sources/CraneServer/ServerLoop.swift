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
    let blockedLoopThreshold: UInt64
    /// Descriptors from this number on are left to files: connections that get one are refused.
    let descriptorBound = ServerLoop.connectionDescriptors()
    /// When a connection that the system could not give was told of last, in the loop's milliseconds.
    var failedAcceptTold: UInt64?

    /// Connections whose request waits to be served.
    let ready = StreamQueue()
    /// Connections that have had their share of a turn and have more to be served: behind those that have just come.
    let unfinished = StreamQueue()
    /// How many of them may still have a share of this turn.
    @safe @exclusivity(unchecked) var unfinishedInTurn = 0
    /// Counts tasks: a task whose number has passed has waited, and takes no more connections.
    @safe @exclusivity(unchecked) var turn: UInt64 = 0
    /// The connection that is being served on the loop's stack; not those whose handler waits.
    @safe @exclusivity(unchecked) var serving: HTTPConnection?

    /// What the read that is going on has brought and nobody has taken, and whose it is; only inside `didRead`. Here and not in
    /// each connection, of which most are idle.
    @exclusivity(unchecked) var window = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    @safe @exclusivity(unchecked) var reader: ObjectIdentifier?
    /// What is known of a request that is about to be refused.
    @safe @exclusivity(unchecked) var refused: Request?

    var listeners: [StreamListener] = []
    var connections: [HTTPConnection] = []
    private let spareRequests = FreeList<Request>(bound: 256)
    private let spareOutputs = FreeList<OutputBuffer>(bound: 256)
    /// Tasks that outlive their request or their connection.
    var background = 0
    /// The graceful shutdown begins, for those who wait for it; any thread.
    let draining = OneTimeEvent()
    // Asked for each response: a load, and no call.
    let drains = Atomic(false)
    var isDraining: Bool { drains.load(ordering: .relaxed) }
    /// Whether the server comes back at once.
    var restarts = false
    /// While a shutdown begins: how often the system is still asked for connections and requests before those that idle are
    /// closed; 0 otherwise.
    var pollsUntilIdleClose = 0
    /// How many of the connections, from the first, have not been told of the shutdown.
    var undrained = 0
    var isStopped = false
    /// What lets go of the loop when it has ended.
    var endings: [@Sendable () -> Void] = []

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
        load.begin(self)
        events.run()
        load.end(self)
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
