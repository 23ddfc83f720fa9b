import CraneHTTP
import CraneLoop
import HTTPTypes

// Requests one after the other, and their responses.
extension HTTPConnection {
    /// Answers the upcoming request and those that have come behind it, as many as the connection's share of a turn allows;
    /// the loop calls it, in one of its tasks.
    ///
    /// Only the responder's call waits, and what is left of an unusual response: all else is plain calls.
    func serve() async {
        var share = TurnShare()
        while var request = upcoming.take(), isOpen, machine.keepsAlive {
            // The frame holds the request as long as this stands.
            unsafe answering = Unmanaged.passUnretained(request)
            let response = await server.responder.respond(to: request)
            unsafe answering = nil
            let slice = server.endSlice(of: request)
            if response.body.heldBytes > HTTPConnection.longAnswer {
                await answer(request, long: response)
            } else {
                let rest = answer(request, with: response)
                if case .nothing = rest {} else { await complete(rest, of: response) }
            }
            if let body { await finish(body) }
            upcoming = nextRequest()
            if upcoming != nil, share.add(slice, of: loop.turnShare) {
                server.endShare(of: request, share.held, share.requests, last: slice)
                return leaveTurn()
            }
            server.recycle(&request)
        }
        upcoming = nil
        // Another task has it now.
        guard upgraded == nil else { return flush() }
        task = nil
        finishServing()
    }

    /// Its share of this turn is used up: all others, the socket itself among them, are looked at before it goes on.
    private func leaveTurn() {
        task = nil
        flush()
        server.enqueueUnfinished(self)
    }

    /// A handler waits: the task is known from now on, and the responses before it leave.
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
        if isOpen {
            servedBytes = 0
            accountLess()
            flush()
        }
        guard isOpen || machine.state == .tidying else { return }
        on(.served(unsent: unsent))
    }

    // MARK: Answers

    /// What of a response is left to be waited for.
    enum ResponseRest: Equatable {
        case nothing
        case stream(ResponseEncoder.Framing.Body)
        /// As much waits for the client as may.
        case room
    }

    /// Puts the response, or the head of one that is a stream, behind the output; returns what is left of it.
    func answer(_ request: Request, with response: Response) -> ResponseRest {
        guard isOpen else {
            runAfterSend(response)
            return .nothing
        }
        let isLast = !request.framing.keepAlive || server.isDraining
        if isLast || body != nil { on(.responds(closes: isLast || body?.closesConnection() == true)) }
        server.refreshDate()
        let framing = ResponseEncoder.encode(
            response, to: writableOutput(), isHead: request.method == .head,
            minorVersion: request.framing.minorVersion, keepAlive: machine.keepsAlive, date: server.date)
        if !framing.keepAlive { on(.responseCloses(isAgreed: !request.framing.keepAlive)) }
        if case .upgrade(let upgrade) = response.body.storage, request.method != .head {
            handOver(to: upgrade.taker, of: request, response)
            return .nothing
        }
        guard case .complete = framing.body else { return .stream(framing.body) }
        return finishResponse(response)
    }

    /// The same for one of many bytes.
    private func answer(_ request: Request, long response: Response) async {
        let response = keep(response, for: request)
        await complete(answer(request, with: response), of: response)
    }

    /// The response has been written.
    @inline(__always)
    private func finishResponse(_ response: Response) -> ResponseRest {
        scheduleFlush()
        if response.afterSend != nil { runAfterSend(response) }
        guard let output, output.count + queuedBytes > HTTPConnection.outputHighWatermark else {
            return .nothing
        }
        return .room
    }

    private func runAfterSend(_ response: Response) {
        guard let work = response.afterSend else { return }
        flush()
        server.spawn(work)
    }

    /// Waits for what is left of a response.
    private func complete(_ rest: ResponseRest, of response: Response) async {
        var rest = rest
        if case .stream(let framing) = rest, case .stream(_, _, let produce) = response.body.storage {
            await stream(framing, produce)
            rest = finishResponse(response)
        }
        guard rest == .room else { return }
        flush()
        await waitUntilWritable()
    }

    private func stream(
        _ framing: ResponseEncoder.Framing.Body,
        _ produce: @Sendable (any ResponseWriter) async throws -> Void
    ) async {
        let writer = ResponseStream(connection: self, framing: framing)
        on(.streams(untilClose: framing == .untilClose))
        defer {
            responseBytes = 0
            accountLess()
        }
        do {
            try await produce(writer)
            if writer.finish() { return }
        } catch {
            // The responder knows of it, and the head has gone: what is left is to let the client see the body cut.
        }
        on(.streamFailed)
    }

    /// Reads the rest of a body that the handler left, so that the connection can be used again; or gives the connection up.
    private func finish(_ body: RequestBodyStream) async {
        if !body.isComplete, machine.keepsAlive, !(await body.discard(upTo: HTTPConnection.discardBound)) {
            on(.bodyGivenUp)
        }
        on(.bodyEnded(isWhole: body.isComplete))
        body.letGo()
        self.body = nil
    }

    // MARK: Another protocol

    private func handOver(to taker: Upgrade.Taker, of request: Request, _ response: Response) {
        switch taker {
        case .task(let run):
            handOver(to: run, of: request, then: response.afterSend)
        case .receiver(let start):
            handOver(to: start)
            runAfterSend(response)
        }
    }

    /// Hands the connection over, in a task of its own: what it took to serve the handshake is not held as long as that runs.
    private func handOver(
        to run: @escaping @Sendable (any UpgradedStream) async -> Void, of request: Request,
        then work: (@Sendable () async -> Void)?
    ) {
        let upgraded = UpgradedConnection(self, request: request)
        self.upgraded = upgraded
        // It is known by its handshake as long as it is open.
        servedBytes = request.capacity
        _ = account()
        on(.upgrades)
        server.beginWork()
        let task = loop.startTask { [self] in
            await run(upgraded)
            if loop.isCurrent {
                takeBack(from: upgraded, work)
            } else {
                loop.execute { self.takeBack(from: upgraded, work) }
            }
        }
        if unsafe upgraded.isHandled { self.task = task }
        server.endSlice(of: request)
    }

    /// Hands the connection over to what needs no task: nothing is held of the request.
    private func handOver(to start: (any UpgradedStream) -> Void) {
        let upgraded = UpgradedConnection(self, request: nil)
        self.upgraded = upgraded
        servedBytes = 0
        task = nil
        on(.upgrades)
        start(upgraded)
    }

    /// The other protocol is done: the connection ends, and the response that began it counts as sent.
    private func takeBack(from upgraded: UpgradedConnection, _ work: (@Sendable () async -> Void)?) {
        upgraded.endHandling()
        task = nil
        finishServing()
        if let work { server.spawn(work) }
        server.endWork()
    }

    // MARK: Refusals

    /// Answers what is no request, and ends the connection.
    ///
    /// - Parameters:
    ///   - request: what is known of it.
    ///   - lingers: whether the client is waited for to have read that.
    ///   - isTooMany: whether the connection is one too many.
    func refuse(
        _ refusal: Refusal, of request: Request? = nil, lingers: Bool = true, isTooMany: Bool = false
    ) {
        server.note(refusal, of: request, from: info.peer)
        partial = nil
        server.refreshDate()
        ResponseEncoder.encode(
            refusal.response, to: writableOutput(), isHead: request?.saysHead == true, minorVersion: 1,
            keepAlive: false, date: server.date)
        guard handOverOutput() else { return }
        on(.refused(lingers: lingers, isTooMany: isTooMany, unsent: unsent))
    }
}
