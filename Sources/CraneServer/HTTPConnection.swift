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

    // Everything here is the loop's thread's, and nothing calls back while it changes: run-time exclusivity checks would find
    // nothing and cost as much as the parser. The small ones stand together: they fill what the others' alignment leaves.

    /// What is under way, and nothing while the connection is idle; a request that came whole and is answered at once needs none.
    @safe @exclusivity(unchecked) var work: ConnectionWork?
    @safe @exclusivity(unchecked) var output: OutputBuffer?
    /// The request to be answered next.
    @safe @exclusivity(unchecked) var upcoming: Request?
    @safe @exclusivity(unchecked) private(set) var peer = PeerAddress.unixSocket
    /// Where it stands in the loop's list.
    @safe @exclusivity(unchecked) var position = Int32(-1)
    /// What is to be done next, by the protocol's rules.
    @safe @exclusivity(unchecked) var machine = ConnectionMachine()
    @safe @exclusivity(unchecked) var flushIsDue = false
    /// Whether it counts for its address.
    @safe @exclusivity(unchecked) private var isCountedByAddress = false

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
        super.init(loop: server.events)
    }

    // MARK: Opening and closing

    override func didOpen() {
        let open = server.load.countOpened()
        server.add(self)
        if let address = peerAddress {
            peer = PeerAddress(address)
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
        guard let address = peer.ip, !configuration.hasManyConnections(address) else { return false }
        isCountedByAddress = true
        return server.load.enter(address) > configuration.maximumConnectionsPerAddress
    }

    override func didClose() {
        server.remove(self)
        if isCountedByAddress, let address = peer.ip { server.load.leave(address) }
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
        unsafe server.window = bytes
        server.reader = ObjectIdentifier(self)
        if let body, !body.isComplete { unsafe consume(feed(body, bytes)) }
        var isServing = machine.isServing
        if !isServing, let request = nextRequest() {
            upcoming = request
            on(.request)
            isServing = true
        }
        if isServing { unsafe keep(window) }
        server.reader = nil
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
