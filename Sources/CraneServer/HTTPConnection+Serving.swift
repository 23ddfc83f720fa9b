import CraneHTTP
import CraneLoop
import HTTPTypes

// Requests one after the other, and their answers.
extension HTTPConnection {
    /// Answers the upcoming request and those that have come behind it, as many as the connection's share of a turn allows;
    /// the loop calls it, in one of its tasks.
    func serve() async {
        var (served, held) = (0, UInt64(0))
        while isOpen, !closesAfterAnswer, var request = upcoming {
            upcoming = nil
            // The frame holds the request as long as this stands.
            unsafe answering = Unmanaged.passUnretained(request)
            let response = await server.responder.respond(to: request)
            unsafe answering = nil
            let slice = server.endSlice(of: request)
            if response.body.heldBytes > HTTPConnection.longAnswer {
                await answer(request, with: keep(response, for: request))
            } else {
                await answer(request, with: response)
            }
            if let body { await finish(body) }
            upcoming = nextRequest()
            if upcoming != nil {
                served += 1
                held &+= slice
                if served >= ServerLoop.requestShare || held >= loop.turnShare {
                    server.endShare(of: request, held, served, last: slice)
                    return leaveTurn()
                }
            }
            server.recycle(&request)
        }
        upcoming = nil
        // Another task has it now.
        guard upgraded == nil else { return flush() }
        isServing = false
        task = nil
        finishServing()
    }

    /// Its share of this turn is used up: all others, the socket itself among them, are looked at before it goes on.
    private func leaveTurn() {
        task = nil
        flush()
        server.enqueueUnfinished(self)
    }

    /// A handler waits: the task is known from now on, and the answers before it leave.
    func suspended(in task: Task<Void, Never>) {
        let request = unsafe answering?.takeUnretainedValue()
        server.endSlice(of: request)
        self.task = task
        // It may have broken before there was a task to cancel.
        guard isOpen else { return task.cancel() }
        if let request { servedBytes = request.capacity + request.body.heldBytes }
        flush()
        _ = account()
    }

    func finishServing() {
        guard isOpen else { return }
        servedBytes = 0
        accountLess()
        lastServed = loop.now
        guard !endsWhenIdle else { return closeWhenWritten() }
        flush()
        guard isOpen else { return }
        settle()
        if !isReading { startReading() }
    }

    /// Whether nothing more is served here.
    var endsWhenIdle: Bool {
        closesAfterAnswer || inputEnded || server.isDraining && partial == nil
    }

    /// Sets the deadline of a connection that serves nothing.
    func settle() {
        if queuedBytes > 0 {
            watchWriting()
        } else if partial == nil {
            set(.idle, after: server.times.idle)
        } else if phase != .head {
            set(.head, after: server.times.head)
        }
    }

    /// Reads the rest of a body that the handler left, so that the connection can be used again; or gives the connection up.
    func finish(_ body: ArrivingBody) async {
        if !body.isComplete, !closesAfterAnswer {
            if !(await body.discard(upTo: HTTPConnection.discardBound)) { closesAfterAnswer = true }
        }
        if !body.isComplete {
            // Somebody else may still be reading: what comes must not be taken for a request.
            closesAfterAnswer = true
            mayReceiveMore = true
            body.fail(.aborted)
        }
        body.letGo()
        self.body = nil
    }

    func answer(_ request: Request, with response: Response) async {
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
        if case .stream(_, _, let produce) = response.body.storage, framing.body != .complete {
            await stream(framing.body, produce)
        }
        if case .upgrade(let upgrade) = response.body.storage, request.method != .head {
            switch upgrade.taker {
            case .task(let run): return handOver(to: run, of: request, then: response.afterSend)
            case .receiver(let start):
                handOver(to: start)
                return runAfterSend(response)
            }
        }
        scheduleFlush()
        runAfterSend(response)
        if let output = self.output, output.count + queuedBytes > HTTPConnection.outputBound {
            flush()
            await waitForRoom()
        }
    }

    func runAfterSend(_ response: Response) {
        guard let work = response.afterSend else { return }
        flush()
        server.spawn(work)
    }

    func stream(
        _ framing: ResponseEncoder.Framing.Body,
        _ produce: @Sendable (any ResponseWriter) async throws -> Void
    ) async {
        let writer = ResponseStream(connection: self, framing: framing)
        endsAnswer = framing == .untilClose
        defer {
            answerBytes = 0
            accountLess()
        }
        do {
            try await produce(writer)
            if writer.finish() { return }
        } catch {
            // The responder knows of it, and the head has gone: what is left is to let the client see the body cut.
        }
        closesAfterAnswer = true
        mayReceiveMore = true
        if endsAnswer {
            flush()
            reset()
        }
    }

    /// Hands the connection over, in a task of its own: what it took to serve the handshake is not held as long as that runs.
    func handOver(
        to run: @escaping @Sendable (any UpgradedStream) async -> Void, of request: Request,
        then work: (@Sendable () async -> Void)?
    ) {
        let upgraded = UpgradedConnection(self, request: request)
        self.upgraded = upgraded
        // It is known by its handshake as long as it is open.
        servedBytes = request.capacity
        _ = account()
        closesAfterAnswer = true
        phase = .upgraded
        clearDeadline()
        server.beginWork()
        let task = loop.startTask { [self] in
            await run(upgraded)
            if loop.isCurrent { takeBack(work) } else { loop.execute { self.takeBack(work) } }
        }
        if isServing { self.task = task }
        server.endSlice(of: request)
    }

    /// Hands the connection over to what needs no task: nothing is held of the request.
    private func handOver(to start: (any UpgradedStream) -> Void) {
        let upgraded = UpgradedConnection(self, request: nil)
        self.upgraded = upgraded
        servedBytes = 0
        closesAfterAnswer = true
        isServing = false
        task = nil
        phase = .upgraded
        clearDeadline()
        start(upgraded)
    }

    /// The other protocol is done: the connection ends, and the answer that began it counts as sent.
    func takeBack(_ work: (@Sendable () async -> Void)?) {
        upgraded?.close()
        isServing = false
        task = nil
        finishServing()
        if let work { server.spawn(work) }
        server.endWork()
    }

    /// Ends an upgraded connection once all output has gone.
    func closeUpgraded() {
        closesAfterAnswer = true
        mayReceiveMore = true
        closeWhenWritten()
    }

    /// Answers what is no request, and ends the connection.
    ///
    /// - Parameters:
    ///   - request: what is known of it.
    ///   - lingers: whether the client is waited for to have read that.
    func refuse(_ refusal: Refusal, of request: Request? = nil, lingers: Bool = true) {
        server.note(refusal, of: request, from: info.peer)
        partial = nil
        closesAfterAnswer = true
        mayReceiveMore = lingers
        server.refreshDate()
        ResponseEncoder.encode(
            refusal.response, to: writableOutput(), isHead: request?.saysHead == true, minorVersion: 1,
            keepAlive: false, date: server.date)
        if !isServing { closeWhenWritten() }
    }
}
