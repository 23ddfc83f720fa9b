import CraneHTTP
import CraneLoop
import HTTPTypes

// Requests one after the other, and their responses.
extension HTTPConnection {
    /// Answers the upcoming request and those that have come behind it, as many as the connection's share of a turn allows, as long
    /// as each response is ready; gives back what has to be waited for in a task.
    func serve() -> WaitingExchange? {
        var share = TurnShare()
        guard let step = serve(&share) else { return nil }
        return WaitingExchange(self, step, share)
    }

    private func serve(_ share: inout TurnShare) -> WaitingExchange.Step? {
        while var request = upcoming.take(), isOpen, machine.keepsAlive {
            let step: WaitingExchange.Step?
            switch server.responder.respond(to: request) {
            case .ready(let response): step = finish(request, with: response, &share)
            case .pending(let work): step = .response(work)
            }
            if let step {
                answering = request
                return step
            }
            guard goOn(behind: &request, share) else { return nil }
        }
        endServing()
        return nil
    }

    /// Waits for an exchange and serves what has come behind it; the loop calls it, in one of its tasks.
    ///
    /// All between two waits is plain calls, and what holds responses beside the one that is made is in other functions: what an
    /// asynchronous one holds is allocated for each request, and as long as that waits.
    func serve(_ waiting: WaitingExchange) async {
        var share = waiting.share
        while waiting.step != nil {
            // The work ends here, so that the request is nobody else's when the next one is taken up.
            if let work = waiting.takeWork() {
                let response: Response
                do { response = try await work() } catch { response = server.response(to: error) }
                finishAnswering(waiting, with: response, &share)
            } else {
                await complete(waiting)
            }
            guard waiting.step == nil else { continue }
            guard goOnBehindAnswered(share) else { return }
            waiting.step = serve(&share)
        }
    }

    /// Writes a response, and is done with the request's body; returns what has to be waited for first.
    private func finish(
        _ request: Request, with response: Response, _ share: inout TurnShare
    ) -> WaitingExchange.Step? {
        share.add(server.endSlice(of: request), of: loop.turnShare)
        if response.body.heldBytes > HTTPConnection.longAnswer { return finish(request, withLong: response) }
        if let rest = answer(request, with: response) { return .rest(rest, of: response) }
        return endBody() ? nil : .body
    }

    /// The same for a response of many bytes.
    @inline(never)
    private func finish(_ request: Request, withLong response: Response) -> WaitingExchange.Step? {
        let response = keep(response, for: request)
        if let rest = answer(request, with: response) { return .rest(rest, of: response) }
        return endBody() ? nil : .body
    }

    @inline(never)
    private func finishAnswering(
        _ waiting: WaitingExchange, with response: Response, _ share: inout TurnShare
    ) {
        guard let request = answering else { return }
        waiting.step = finish(request, with: response, &share)
    }

    /// Waits for what is left of an exchange whose response has begun.
    @inline(never)
    private func complete(_ waiting: WaitingExchange) async {
        switch waiting.step.take() {
        case .rest(let rest, let response):
            await complete(rest, of: response)
            waiting.step = endBody() ? nil : .body
        case .body: await discardBody()
        case .response, nil: break
        }
    }

    /// Takes the next request up; false when others come before it.
    private func goOn(behind request: inout Request, _ share: TurnShare) -> Bool {
        upcoming = nextRequest()
        if upcoming != nil, share.isUsedUp {
            server.endShare(of: request, share)
            leaveTurn()
            return false
        }
        // A loop that has ended takes none back: they would hold it for ever, and this may be another thread.
        if isOpen { server.recycle(&request) }
        return true
    }

    private func goOnBehindAnswered(_ share: TurnShare) -> Bool {
        guard var request = answering.take() else { return true }
        return goOn(behind: &request, share)
    }

    /// Its share of this turn is used up: all others, the socket itself among them, are looked at before it goes on.
    private func leaveTurn() {
        task = nil
        flush()
        server.enqueueUnfinished(self)
    }

    /// A handler waits: the task is known from now on, and the responses before it leave.
    func suspended(in task: Task<Void, Never>) {
        server.endSlice(of: answering)
        self.task = task
        // It may have broken before there was a task to cancel.
        guard isOpen else { return task.cancel() }
        if let answering { servedBytes = answering.capacity + answering.body.heldBytes }
        flush()
        _ = account()
    }

    private func endServing() {
        // Another task has it now.
        guard upgraded == nil else { return flush() }
        task = nil
        finishServing()
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

    /// Puts the answer, or the head of one that is a stream, behind the output; returns what is left of it, if anything.
    private func answer(_ request: Request, with response: Response) -> ResponseRest? {
        guard isOpen else {
            runAfterSend(response)
            return nil
        }
        let isLast = !request.framing.keepAlive || server.isDraining
        if isLast || body != nil { on(.responds(closes: isLast || body?.closesConnection() == true)) }
        server.refreshDate()
        let framing = ResponseEncoder.encode(
            response, to: writableOutput(), isHead: request.isHead,
            minorVersion: request.framing.minorVersion, keepAlive: machine.keepsAlive, date: server.date)
        if !framing.keepAlive { on(.responseCloses(isAgreed: !request.framing.keepAlive)) }
        if case .upgrade(let upgrade) = response.body.storage, !request.isHead {
            handOver(to: upgrade.taker, of: request, response)
            return nil
        }
        guard case .complete = framing.body else { return .stream(framing.body) }
        return finishResponse(response)
    }

    /// The answer has been written.
    @inline(__always)
    private func finishResponse(_ response: Response) -> ResponseRest? {
        scheduleFlush()
        if response.afterSend != nil { runAfterSend(response) }
        guard let output, output.count + queuedBytes > HTTPConnection.outputHighWatermark else { return nil }
        return .room
    }

    func runAfterSend(_ response: Response) {
        guard let work = response.afterSend else { return }
        flush()
        server.spawn(work)
    }

    /// Waits for what is left of a response.
    private func complete(_ rest: ResponseRest, of response: Response) async {
        var rest: ResponseRest? = rest
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

    /// Ends the body of the request that has been answered; false where the rest of it has to be read first, so that the connection
    /// can be used again.
    private func endBody() -> Bool {
        guard let body else { return true }
        guard body.isComplete || !machine.keepsAlive else { return false }
        end(body)
        return true
    }

    /// Reads the rest of a body that the handler left, or gives the connection up.
    private func discardBody() async {
        guard let body else { return }
        if !(await body.discard(upTo: HTTPConnection.discardBound)) { on(.bodyGivenUp) }
        end(body)
    }

    private func end(_ body: RequestBodyStream) {
        on(.bodyEnded(isWhole: body.isComplete))
        body.letGo()
        self.body = nil
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
        server.note(refusal, of: request, from: peer)
        partial = nil
        server.refreshDate()
        ResponseEncoder.encode(
            refusal.response, to: writableOutput(), isHead: request?.saysHead == true, minorVersion: 1,
            keepAlive: false, date: server.date)
        guard handOverOutput() else { return }
        on(.refused(lingers: lingers, isTooMany: isTooMany, unsent: unsent))
    }
}
