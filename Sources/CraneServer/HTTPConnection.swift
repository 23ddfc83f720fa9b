import CraneHTTP
import CraneLoop
import HTTPTypes
import Synchronization

/// One HTTP/1.1 connection: reads requests, has them answered in order, writes once for all that a read has brought.
///
/// Loop's thread only. While it waits for a request it holds neither buffer nor task nor timer.
@safe
final class HTTPConnection: StreamConnection, Flushable, @unchecked Sendable {
    /// What the connection's deadline means.
    enum Phase {
        /// No byte has come yet.
        case fresh
        case idle
        case head
        case serving
        /// A handler waits for more of the request's body.
        case body
        /// The client has ended its side while its request is served, and waits for the answer or has gone.
        case halfClosed
        /// An answer waits for the client to read.
        case writing
        /// The last answer has gone; what still comes is thrown away until the client closes (RFC 9112, section 9.6).
        case lingering
        /// Another protocol has the connection.
        case upgraded
        /// The connection has been closed under a handler of another protocol, which may tidy up.
        case closed
    }

    let server: ServerLoop
    @safe @exclusivity(unchecked) var info: ConnectionInfo
    /// Where it stands in the loop's list.
    var position = -1
    @safe @exclusivity(unchecked) var phase = Phase.fresh

    // Everything here is the loop's thread's, and nothing calls back while it changes: run-time exclusivity checks would find
    // nothing and cost as much as the parser.

    // Input.
    /// A head that has not come to its end.
    @safe @exclusivity(unchecked) var partial: PartialHead?
    /// What is known of a request that is about to be refused.
    @safe @exclusivity(unchecked) var refused: Request?
    /// What the present read has brought and nobody has taken; valid only inside `didRead`.
    @exclusivity(unchecked) var window = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// What came while a request was being served.
    @safe @exclusivity(unchecked) var pending: OutputBuffer?
    var pendingOffset = 0
    @safe @exclusivity(unchecked) var body: ArrivingBody?
    var bodyProgress: UInt64 = 0
    var inputEnded = false
    /// When a phase of several deadlines ends, in the loop's milliseconds: the handler of a half-closed client is cancelled, or
    /// a client that goes on sending is left alone.
    var phaseEnd: UInt64 = 0

    // Output.
    @safe @exclusivity(unchecked) var output: OutputBuffer?
    var flushIsDue = false
    /// What the budget has counted of this connection.
    @safe @exclusivity(unchecked) var counted = 0
    /// Of that, a request whose handler waits, with what came with it; and an answer that is going out in pieces.
    @safe @exclusivity(unchecked) var servedBytes = 0
    @safe @exclusivity(unchecked) var answerBytes = 0
    /// Whether it counts for its address.
    @safe @exclusivity(unchecked) private var isCountedByAddress = false
    /// Whether it is refused as one too many.
    @safe @exclusivity(unchecked) private(set) var isTooMany = false
    var drainWaiters: [UnsafeContinuation<Void, Never>] = unsafe []
    var writeProgress = 0

    // Serving.
    var isServing = false
    /// The request to be answered next.
    @safe @exclusivity(unchecked) var upcoming: Request?
    /// The request that is being answered.
    @exclusivity(unchecked) var answering: Unmanaged<Request>?
    /// The task that serves it, once it has waited.
    @safe @exclusivity(unchecked) var task: Task<Void, Never>?
    var closesAfterAnswer = false
    /// Whether the end of the connection is the end of the answer, so that nothing but a reset shows that it was cut.
    var endsAnswer = false
    /// When the last answer was written, in the loop's milliseconds.
    var lastServed: UInt64 = 0
    /// Whether the client may still be sending when the last answer goes.
    var mayReceiveMore = false
    /// What it has sent since.
    var thrownAway = 0
    /// What has the connection once it has left HTTP.
    @safe @exclusivity(unchecked) var upgraded: UpgradedConnection?

    /// Input kept while a request is served; past it the socket is left alone.
    static let pendingBound = 64 << 10
    /// Output that may wait for the socket before whoever produces more must wait.
    static let outputBound = 256 << 10
    /// An answer of more bytes goes out in pieces, and is counted until the last has gone.
    static let longAnswer = 64 << 10
    /// What is thrown away at most of a body that nobody read.
    static let discardBound = 256 << 10

    init(server: ServerLoop) {
        self.server = server
        info = ConnectionInfo(peer: .unixSocket, loop: server, load: server.load)
        super.init(loop: server.events)
    }

    // MARK: Opening and closing

    override func didOpen() {
        let open = server.load.countOpened()
        server.add(self)
        if let address = peerAddress {
            info = ConnectionInfo(peer: PeerAddress(address), loop: server, load: server.load)
        } else if !isUnix {
            // Gone already: nobody to answer, and no address to judge a request by.
            return close()
        }
        startReading()
        set(.fresh, after: server.times.head)
        let isScarce = descriptor >= server.descriptorBound
        if open > server.configuration.maximumConnections || isScarce || hasTooMany {
            isTooMany = true
            refuse(.tooManyConnections, lingers: !isScarce)
            flush()
        }
    }

    /// Whether its address has more connections than one may.
    private var hasTooMany: Bool {
        let configuration = server.configuration
        guard let address = info.peer.ip, !configuration.hasManyConnections(address) else { return false }
        isCountedByAddress = true
        return server.load.enter(address) > configuration.maximumConnectionsPerAddress
    }

    override func didClose() {
        server.remove(self)
        if isCountedByAddress, let address = info.peer.ip { server.load.leave(address) }
        servedBytes = 0
        answerBytes = 0
        releaseBuffers()
        accountLess()
        guard let upgraded else { return }
        self.upgraded = nil
        upgraded.didClose()
        resumeDrainWaiters()
        // Its handler may tidy up before it is cancelled.
        if isServing { set(.closed, after: server.times.closed) }
    }

    /// The connection is broken or must end at once: whoever waits for it hears of it.
    func abort() {
        // First, so that whoever reads the body hears why.
        body?.fail(.aborted)
        task?.cancel()
        releaseBuffers()
        if endsAnswer { reset() } else { close() }
        upgraded?.didBreak()
        resumeDrainWaiters()
    }

    func releaseBuffers() {
        if let pending { server.recycle(pending) }
        pending = nil
        if let output { server.recycle(output) }
        output = nil
        partial = nil
    }

    /// Graceful shutdown: closes when idle; otherwise the answer under way is the last. A request that has reached the kernel
    /// is read and answered.
    func drain() {
        switch phase {
        // A client in the midst of its requests may have sent the next one already: it is told with that answer.
        case .idle where loop.now - lastServed < 1000 || hasUnreadBytes: set(.idle, after: 500)
        case .idle: close()
        case .fresh: set(.fresh, after: 1000)
        case .upgraded: upgraded?.serverStops()
        case .lingering: lingerShortly()
        case .head, .serving, .body, .halfClosed, .writing, .closed: break
        }
    }

    // MARK: What the stream tells

    override func didRead(_ bytes: UnsafeRawBufferPointer) {
        guard phase != .lingering else { return throwAway(bytes.count) }
        if let upgraded { return unsafe upgraded.didRead(bytes) }
        unsafe window = bytes
        if let body, !body.isComplete { unsafe consume(feed(body, bytes)) }
        if !isServing, let request = nextRequest() {
            upcoming = request
            isServing = true
            phase = .serving
            clearDeadline()
            server.enqueue(self)
        }
        if isServing { unsafe keep(window) }
        unsafe window = UnsafeRawBufferPointer(start: nil, count: 0)
        if pending != nil || partial != nil || body != nil { accountInput() }
    }

    override func didEnd(_ error: UVError?) {
        inputEnded = true
        if let upgraded { return upgraded.didEnd(error) }
        if error != nil || phase == .lingering { return abort() }
        body?.fail(.aborted)
        guard isServing else { return closeWhenWritten() }
        // It may have closed its sending side only: then it gets all of its answers (RFC 9112, section 9.6).
        if phase != .writing { watchHalfClosed() }
    }

    override func didDrain() {
        accountLess()
        resumeDrainWaiters()
        if let upgraded { return upgraded.didDrain() }
        if isServing {
            guard phase == .writing else { return }
            guard !inputEnded else { return watchHalfClosed() }
            phase = .serving
            if let body, body.isAwaited { watchBody(body) }
        } else if endsWhenIdle {
            closeWhenWritten()
        } else if phase == .writing {
            settle()
        }
    }

    // MARK: Deadlines

    func set(_ phase: Phase, after milliseconds: UInt64) {
        self.phase = phase
        setDeadline(loop.now + milliseconds, on: loop.wheel)
    }

    override func deadlinePassed() {
        switch phase {
        case .fresh, .idle, .lingering:
            close()
        case .head:
            refuse(.tooSlow, of: partial?.known)
        case .halfClosed:
            checkHalfClosed()
        case .closed:
            task?.cancel()
        case .writing:
            // The client reads, if slowly: a new term.
            guard hasTakenEnough() else { return abort() }
            beginWriteTerm()
        case .body:
            checkBodyRate()
        case .upgraded:
            upgraded?.deadlinePassed()
        case .serving:
            break
        }
    }
}

/// A head of which a part has come.
final class PartialHead {
    let parser: RequestParser
    let request: Request

    init(parser: RequestParser, request: Request) {
        self.parser = parser
        self.request = request
    }

    /// The request with what is known of it so far, for the log.
    var known: Request {
        parser.noteLine(request)
        return request
    }
}
