import CraneHTTP
import CraneLoop
import HTTPTypes
import Synchronization

/// One HTTP/1.1 connection: reads requests, has them answered in order, writes once for all that a read has brought.
///
/// Loop's thread only. While it waits for a request it holds neither buffer nor task nor timer.
@safe
final class HTTPConnection: StreamConnection, Flushable, @unchecked Sendable {
    let server: ServerLoop
    @safe @exclusivity(unchecked) var info: ConnectionInfo
    /// Where it stands in the loop's list.
    var position = -1
    /// What is to be done next, by the protocol's rules.
    @safe @exclusivity(unchecked) var machine = ConnectionMachine()

    // Everything here is the loop's thread's, and nothing calls back while it changes: run-time exclusivity checks would find
    // nothing and cost as much as the parser.

    // Input.
    /// A head that has not come to its end.
    @safe @exclusivity(unchecked) var partial: PendingHead?
    /// What is known of a request that is about to be refused.
    @safe @exclusivity(unchecked) var refused: Request?
    /// What the present read has brought and nobody has taken; valid only inside `didRead`.
    @exclusivity(unchecked) var window = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// What came while a request was being served.
    @safe @exclusivity(unchecked) var pending: OutputBuffer?
    @safe @exclusivity(unchecked) var pendingOffset = 0
    @safe @exclusivity(unchecked) var body: RequestBodyStream?

    // Output.
    @safe @exclusivity(unchecked) var output: OutputBuffer?
    @safe @exclusivity(unchecked) var flushIsDue = false
    /// What the budget has counted of this connection.
    @safe @exclusivity(unchecked) var counted = 0
    /// Of that, a request whose handler waits, with what came with it; and a response that is going out in pieces.
    @safe @exclusivity(unchecked) var servedBytes = 0
    @safe @exclusivity(unchecked) var responseBytes = 0
    /// Whether it counts for its address.
    @safe @exclusivity(unchecked) private var isCountedByAddress = false
    var drainWaiters: [UnsafeContinuation<Void, Never>] = unsafe []

    // Serving.
    /// The request to be answered next.
    @safe @exclusivity(unchecked) var upcoming: Request?
    /// The request whose response is waited for.
    @safe @exclusivity(unchecked) var answering: Request?
    /// The task that serves it, once it has waited.
    @safe @exclusivity(unchecked) var task: Task<Void, Never>?
    /// What has the connection once it has left HTTP.
    @safe @exclusivity(unchecked) var upgraded: UpgradedConnection?

    /// Input kept while a request is served; past it the socket is left alone.
    static let inputHighWatermark = 64 << 10
    /// Output that may wait for the socket before whoever produces more must wait.
    static let outputHighWatermark = 256 << 10
    /// A response of more bytes goes out in pieces, and is counted until the last has gone.
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
        on(.opened)
        let isScarce = descriptor >= server.descriptorBound
        if open > server.configuration.maximumConnections || isScarce || hasTooMany {
            refuse(.tooManyConnections, lingers: !isScarce, isTooMany: true)
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
        responseBytes = 0
        releaseBuffers()
        accountLess()
        let upgraded = upgraded.take()
        upgraded?.didClose()
        if upgraded != nil { resumeDrainWaiters() }
        // Its handler may tidy up before it is cancelled.
        unsafe on(.closed(isHandled: upgraded?.isHandled == true))
    }

    func releaseBuffers() {
        dropInput()
        if let output { server.recycle(output) }
        output = nil
        partial = nil
    }

    /// Graceful shutdown: closes when idle; otherwise the response under way is the last.
    func drain() {
        let isIdle = if case .idle = machine.state { true } else { false }
        on(.serverDrains(hasUnread: isIdle && hasUnreadBytes))
    }

    // MARK: What the stream tells

    override func didRead(_ bytes: UnsafeRawBufferPointer) {
        guard !machine.isLingering else { return on(.discarded(bytes.count)) }
        if let upgraded { return unsafe upgraded.didRead(bytes) }
        unsafe window = bytes
        if let body, !body.isComplete { unsafe consume(feed(body, bytes)) }
        var isServing = machine.isServing
        if !isServing, let request = nextRequest() {
            upcoming = request
            on(.request)
            isServing = true
        }
        if isServing { unsafe keep(window) }
        unsafe window = UnsafeRawBufferPointer(start: nil, count: 0)
        if pending != nil || partial != nil || body != nil { accountInput() }
    }

    override func didEnd(_ error: UVError?) {
        if error != nil { return on(.broken) }
        guard handOverOutput() else { return }
        on(.inputEnded(unsent: unsent))
    }

    override func didDrain() {
        accountLess()
        resumeDrainWaiters()
        let received = if let body, body.isAwaited { body.received } else { UInt64?.none }
        guard handOverOutput() else { return }
        on(.drained(received: received, unsent: unsent))
        upgraded?.didDrain()
    }

    override func deadlinePassed() {
        var progress = ConnectionProgress(unsent: unsentBytes)
        if let body, !body.isComplete, body.isAwaited { progress.received = body.received }
        if machine.isHalfClosed { progress.isBroken = isBroken }
        on(.deadline(progress))
    }
}

/// A head of which a part has come.
final class PendingHead {
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
