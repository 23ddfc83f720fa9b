import HTTPTypes
import HTTPWire
import Synchronization
import UVLoop

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
        /// The client has ended its side while its request is served.
        case halfClosed
        /// An answer waits for the client to read.
        case writing
        /// The last answer has gone; what still comes is thrown away until the client closes (RFC 9112, section 9.6).
        case lingering
        /// Another protocol has the connection.
        case upgraded
    }

    let server: ServerLoop
    @safe @exclusivity(unchecked) private(set) var info: ConnectionInfo
    /// Where it stands in the loop's list.
    var position = -1
    @safe @exclusivity(unchecked) var phase = Phase.fresh

    // Everything here is the loop's thread's, and nothing calls back while it changes: run-time exclusivity checks would find
    // nothing and cost as much as the parser.

    // Input.
    /// A head that has not come to its end.
    @safe @exclusivity(unchecked) private var partial: PartialHead?
    /// What the present read has brought and nobody has taken; valid only inside `didRead`.
    private var window = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// What came while a request was being served.
    @safe @exclusivity(unchecked) private var pending: OutputBuffer?
    private var pendingOffset = 0
    @safe @exclusivity(unchecked) private(set) var body: ArrivingBody?
    private var bodyProgress: UInt64 = 0
    private(set) var inputEnded = false

    // Output.
    @safe @exclusivity(unchecked) private var output: OutputBuffer?
    private var flushIsDue = false
    private var drainWaiters: [UnsafeContinuation<Void, Never>] = unsafe []
    private var writeProgress = 0

    // Serving.
    private var isServing = false
    /// The request to be answered next.
    @safe @exclusivity(unchecked) private var upcoming: Request?
    /// The request that is being answered.
    private var answering: Unmanaged<Request>?
    /// The task that serves it, once it has waited.
    @safe @exclusivity(unchecked) private var task: Task<Void, Never>?
    private var closesAfterAnswer = false
    /// When the last answer was written, in the loop's milliseconds.
    private var lastServed: UInt64 = 0
    /// Whether the client may still be sending when the last answer goes.
    private var mayReceiveMore = false
    /// What has the connection once it has left HTTP.
    @safe @exclusivity(unchecked) private var upgraded: UpgradedConnection?

    /// Input kept while a request is served; past it the socket is left alone.
    static let pendingBound = 64 << 10
    /// Output that may wait for the socket before whoever produces more must wait.
    static let outputBound = 256 << 10
    /// What is thrown away at most of a body that nobody read.
    static let discardBound = 256 << 10

    init(server: ServerLoop) {
        self.server = server
        info = ConnectionInfo(peer: .unixSocket, loop: server)
        super.init(loop: server.events)
    }

    // MARK: Opening and closing

    override func didOpen() {
        let open = server.load.connections.add(1, ordering: .relaxed).newValue
        server.add(self)
        if let address = peerAddress {
            info = ConnectionInfo(peer: PeerAddress(address), loop: server)
        } else if !isUnix {
            // Gone already: nobody to answer, and no address to judge a request by.
            return close()
        }
        startReading()
        set(.fresh, after: server.times.head)
        if open > server.configuration.maximumConnections {
            refuse(.tooManyConnections)
            flush()
        }
    }

    override func didClose() {
        server.remove(self)
        guard let upgraded else { return }
        self.upgraded = nil
        upgraded.didClose()
        resumeDrainWaiters()
        // Its handler may tidy up before it is cancelled.
        if isServing { set(.halfClosed, after: server.times.halfClose) }
    }

    /// The connection is broken or must end at once: whoever waits for it hears of it.
    func abort() {
        // First, so that whoever reads the body hears why.
        body?.fail(.aborted)
        task?.cancel()
        releaseBuffers()
        close()
        resumeDrainWaiters()
    }

    private func releaseBuffers() {
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
        case .head, .serving, .body, .halfClosed, .writing, .lingering: break
        }
    }

    // MARK: Reading

    override func didRead(_ bytes: UnsafeRawBufferPointer) {
        guard phase != .lingering else { return }
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
    }

    override func didEnd(_ error: UVError?) {
        inputEnded = true
        if let upgraded { return upgraded.didEnd(error) }
        if error != nil || phase == .lingering { return abort() }
        body?.fail(.aborted)
        if isServing {
            // It may have closed its sending side only: the answer still counts, but not for ever.
            set(.halfClosed, after: server.times.halfClose)
        } else {
            closeWhenWritten()
        }
    }

    /// Keeps input for after the present request.
    func keep(_ bytes: UnsafeRawBufferPointer) {
        guard unsafe !bytes.isEmpty else { return }
        forgetServedInput()
        let pending = pending ?? server.takeOutput()
        self.pending = pending
        unsafe pending.append(bytes)
        if pending.count - pendingOffset > HTTPConnection.pendingBound { stopReading() }
    }

    /// Lets go of kept input that has been served, lest a client that is always ahead make it grow without end.
    private func forgetServedInput() {
        guard let served = pending, pendingOffset > HTTPConnection.pendingBound else { return }
        let rest = server.takeOutput()
        unsafe rest.append(UnsafeRawBufferPointer(rebasing: served.bytes[pendingOffset...]))
        server.recycle(served)
        pending = rest
        pendingOffset = 0
    }

    /// The next whole head, from what was kept first; `nil` when more must come, or the connection ends.
    private func nextRequest() -> Request? {
        while !closesAfterAnswer {
            let input = unsafe waiting
            guard unsafe !input.isEmpty else { return nil }
            do {
                guard let request = try unsafe parse(input) else { continue }
                return try accept(request)
            } catch {
                refuse(Refusal(error))
            }
        }
        return nil
    }

    /// Parses a head at the front of `input` and takes its bytes; keeps a head that goes on.
    private func parse(_ input: UnsafeRawBufferPointer) throws(WireError) -> Request? {
        let known = partial
        var parser = known?.parser ?? RequestParser(limits: server.configuration.limits)
        let request = known?.request ?? server.takeRequest(for: info)
        partial = nil
        if let taken = try unsafe parser.parse(input, into: request) {
            consume(taken)
            return request
        }
        consume(input.count)
        partial = PartialHead(parser: parser, request: request)
        if phase != .head { set(.head, after: server.times.head) }
        return nil
    }

    /// Input that nobody has taken.
    var waiting: UnsafeRawBufferPointer {
        guard let pending else { return unsafe window }
        return unsafe UnsafeRawBufferPointer(rebasing: pending.bytes[pendingOffset...])
    }

    func consume(_ count: Int) {
        guard let pending else {
            unsafe window = UnsafeRawBufferPointer(rebasing: window[count...])
            return
        }
        pendingOffset += count
        guard pendingOffset == pending.count else { return }
        server.recycle(pending)
        self.pending = nil
        pendingOffset = 0
        if !inputEnded { startReading() }
    }

    /// Takes the body's framing up: what is here already becomes a plain body, the rest will arrive.
    private func accept(_ request: Request) throws(WireError) -> Request {
        let input = unsafe waiting
        switch request.framing.body {
        case .none:
            break
        case .length(let length)
        where length <= UInt64(input.count) && length <= server.configuration.maximumBodySize:
            request.body = unsafe RequestBody(Array(input[..<Int(length)]))
            consume(Int(length))
        default:
            let arriving = ArrivingBody(connection: self, framing: request.framing)
            body = arriving
            request.body = RequestBody(source: arriving)
            let taken = try unsafe arriving.receive(input)
            consume(taken)
        }
        return request
    }

    /// Gives input to a body that is arriving; returns what belonged to it.
    private func feed(_ body: ArrivingBody, _ input: UnsafeRawBufferPointer) -> Int {
        do {
            return try unsafe body.receive(input)
        } catch {
            body.fail(.malformed)
            closesAfterAnswer = true
            return input.count
        }
    }

    /// A handler waits for the body: sends the `100` that the client may be waiting for (RFC 9110, section 10.1.1), and
    /// begins to watch the rate.
    func waitForBody() {
        guard let body, isOpen else { return }
        if body.takesContinue() {
            ResponseEncoder.continue100(to: writableOutput())
            flush()
        }
        resumeReading()
        // Every wait counts in the same term: a part now and then does not begin a new one.
        if phase == .serving { watchBody(body) }
    }

    private func watchBody(_ body: ArrivingBody) {
        bodyProgress = body.received
        set(.body, after: server.times.body)
    }

    private func checkBodyRate() {
        guard let body, !body.isComplete, body.isAwaited else {
            phase = .serving
            return
        }
        let due = server.times.body * UInt64(max(0, server.configuration.minimumBodyRate)) / 1000
        guard body.received < bodyProgress + due else { return watchBody(body) }
        closesAfterAnswer = true
        mayReceiveMore = true
        body.fail(.tooSlow)
    }

    /// The reader of the body has taken what was there.
    func resumeReading() {
        guard !inputEnded, pending == nil, !isReading else { return }
        startReading()
        // The client could not send meanwhile: its rate counts from here.
        if phase == .body, let body { watchBody(body) }
    }

    // MARK: Serving

    /// Answers the upcoming request and all that have come behind it; the loop calls it, in one of its tasks.
    func serve() async {
        while isOpen, !closesAfterAnswer, var request = upcoming {
            upcoming = nil
            // The frame holds the request as long as this stands.
            unsafe answering = Unmanaged.passUnretained(request)
            let response = await server.responder.respond(to: request)
            unsafe answering = nil
            server.endSlice(of: request)
            await answer(request, with: response)
            if let body { await finish(body) }
            server.recycle(&request)
            upcoming = nextRequest()
        }
        upcoming = nil
        // Another task has it now.
        guard upgraded == nil else { return flush() }
        isServing = false
        task = nil
        finishServing()
    }

    /// A handler waits: the task is known from now on, and the answers before it leave.
    func suspended(in task: Task<Void, Never>) {
        server.endSlice(of: unsafe answering?.takeUnretainedValue())
        self.task = task
        // It may have broken before there was a task to cancel.
        guard isOpen else { return task.cancel() }
        flush()
    }

    private func finishServing() {
        guard isOpen else { return }
        lastServed = loop.now
        guard !endsWhenIdle else { return closeWhenWritten() }
        flush()
        guard isOpen else { return }
        settle()
        if !isReading { startReading() }
    }

    /// Whether nothing more is served here.
    private var endsWhenIdle: Bool {
        closesAfterAnswer || inputEnded || server.isDraining && partial == nil
    }

    /// Sets the deadline of a connection that serves nothing.
    private func settle() {
        if queuedBytes > 0 {
            if phase != .writing { watchWriting() }
        } else if partial == nil {
            set(.idle, after: server.times.idle)
        } else if phase != .head {
            set(.head, after: server.times.head)
        }
    }

    /// Reads the rest of a body that the handler left, so that the connection can be used again; or gives the connection up.
    private func finish(_ body: ArrivingBody) async {
        if !body.isComplete, !closesAfterAnswer {
            if !(await body.discard(upTo: HTTPConnection.discardBound)) { closesAfterAnswer = true }
        }
        if !body.isComplete {
            // Somebody else may still be reading: what comes must not be taken for a request.
            closesAfterAnswer = true
            mayReceiveMore = true
            body.fail(.aborted)
        }
        self.body = nil
    }

    // MARK: Answering

    private func answer(_ request: Request, with response: Response) async {
        guard isOpen else { return runAfterSend(response) }
        if body?.closesConnection() == true || !request.framing.keepAlive || server.isDraining {
            closesAfterAnswer = true
        }
        server.refreshDate()
        let framing = ResponseEncoder.encode(
            response, to: writableOutput(), isHead: request.method == .head,
            minorVersion: request.framing.minorVersion, keepAlive: !closesAfterAnswer, date: server.date)
        if !framing.keepAlive { closesAfterAnswer = true }
        // It was not told before that nothing more would be read.
        if closesAfterAnswer, request.framing.keepAlive { mayReceiveMore = true }
        if case .stream(_, let produce) = response.body.storage, framing.body != .complete {
            await stream(framing.body, produce)
        }
        if case .upgrade(let upgrade) = response.body.storage {
            handOver(to: upgrade)
            return runAfterSend(response)
        }
        scheduleFlush()
        runAfterSend(response)
        if let output = self.output, output.count + queuedBytes > HTTPConnection.outputBound {
            flush()
            await waitForRoom()
        }
    }

    private func runAfterSend(_ response: Response) {
        guard let work = response.afterSend else { return }
        flush()
        server.spawn(work)
    }

    private func stream(
        _ framing: ResponseEncoder.Framing.Body,
        _ produce: @Sendable (any ResponseWriter) async throws -> Void
    ) async {
        let writer = ResponseStream(connection: self, framing: framing)
        do {
            try await produce(writer)
            if writer.finish() { return }
        } catch {
            // The head has gone: all that is left is to let the client see the body cut.
        }
        closesAfterAnswer = true
        mayReceiveMore = true
    }

    /// Hands the connection over, in a task of its own: what it took to serve the handshake is not held as long as that runs.
    private func handOver(to upgrade: Upgrade) {
        let upgraded = UpgradedConnection(self)
        self.upgraded = upgraded
        closesAfterAnswer = true
        phase = .upgraded
        clearDeadline()
        server.beginWork()
        let task = loop.startTask { [self] in
            await upgrade.run(upgraded)
            if loop.isCurrent { takeBack() } else { loop.execute { self.takeBack() } }
        }
        if isServing { self.task = task }
    }

    /// The other protocol is done: the connection ends.
    private func takeBack() {
        upgraded?.close()
        isServing = false
        task = nil
        finishServing()
        server.endWork()
    }

    /// Ends an upgraded connection once all output has gone.
    func closeUpgraded() {
        closesAfterAnswer = true
        mayReceiveMore = true
        closeWhenWritten()
    }

    /// Answers what is no request, and ends the connection.
    private func refuse(_ refusal: Refusal) {
        partial = nil
        closesAfterAnswer = true
        mayReceiveMore = true
        server.refreshDate()
        ResponseEncoder.encode(
            refusal.response, to: writableOutput(), isHead: false, minorVersion: 1, keepAlive: false,
            date: server.date)
        if !isServing { closeWhenWritten() }
    }

    // MARK: Writing

    /// The buffer that answers are put into until the next flush.
    func writableOutput() -> OutputBuffer {
        if let output { return output }
        let taken = server.takeOutput()
        output = taken
        return taken
    }

    /// Flushes once everything that is ready has run.
    func scheduleFlush() {
        guard server.serving !== self, !flushIsDue else { return }
        flushIsDue = true
        loop.flushAfterDrain(self)
    }

    /// Hands the output to the socket.
    func flush() {
        flushIsDue = false
        guard let output else { return }
        self.output = nil
        defer { server.recycle(output) }
        guard isOpen, !output.isEmpty else { return }
        do {
            try unsafe write(output.bytes)
        } catch {
            return abort()
        }
        if queuedBytes > 0 { watchWriting() }
        upgraded?.didFlush()
    }

    /// Waits until the socket has taken what was queued.
    func waitForRoom() async {
        guard isOpen, queuedBytes > 0 else { return }
        await unsafe withUnsafeContinuation { unsafe drainWaiters.append($0) }
    }

    override func didDrain() {
        resumeDrainWaiters()
        if let upgraded { return upgraded.didDrain() }
        if isServing {
            guard phase == .writing else { return }
            phase = .serving
            if let body, body.isAwaited { watchBody(body) }
        } else if endsWhenIdle {
            closeWhenWritten()
        } else if phase == .writing {
            settle()
        }
    }

    private func resumeDrainWaiters() {
        guard unsafe !drainWaiters.isEmpty else { return }
        let waiters = unsafe drainWaiters
        unsafe drainWaiters = []
        for index in unsafe waiters.indices { unsafe waiters[index].resume() }
    }

    private func watchWriting() {
        if let upgraded, unsafe !upgraded.isClosing { return upgraded.watchWriting() }
        writeProgress = unsentBytes
        // A client that has closed its side has its grace first, while its request is served.
        if phase != .halfClosed || !isServing { set(.writing, after: server.times.write) }
    }

    /// Ends the connection once all output has gone; lingers when the client may still be sending, lest a reset
    /// destroy the answer before it is read (RFC 9112, section 9.6).
    private func closeWhenWritten() {
        guard phase != .lingering else { return }
        flush()
        guard isOpen else { return }
        guard queuedBytes == 0 else {
            if phase != .writing { watchWriting() }
            return
        }
        guard !inputEnded, mayReceiveMore || server.isDraining else { return close() }
        shutdownWriting()
        body?.fail(.aborted)
        releaseBuffers()
        startReading()
        set(.lingering, after: 1000)
    }

    // MARK: Deadlines

    private func set(_ phase: Phase, after milliseconds: UInt64) {
        self.phase = phase
        setDeadline(loop.now + milliseconds, on: loop.wheel)
    }

    override func deadlinePassed() {
        switch phase {
        case .fresh, .idle, .lingering:
            close()
        case .head:
            refuse(.tooSlow)
        case .halfClosed:
            task?.cancel()
            phase = .serving
            if queuedBytes > 0 { watchWriting() }
        case .writing:
            // The client reads, if slowly: a new term.
            guard unsentBytes < writeProgress else { return abort() }
            watchWriting()
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
private final class PartialHead {
    let parser: RequestParser
    let request: Request

    init(parser: RequestParser, request: Request) {
        self.parser = parser
        self.request = request
    }
}
