import CraneHTTP
import CraneLoop

// Input: heads, bodies, and what is kept of them.
extension HTTPConnection {
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
    func forgetServedInput() {
        guard let served = pending, pendingOffset > HTTPConnection.pendingBound else { return }
        let rest = server.takeOutput()
        unsafe rest.append(UnsafeRawBufferPointer(rebasing: served.bytes[pendingOffset...]))
        server.recycle(served)
        pending = rest
        pendingOffset = 0
    }

    /// The next whole head, from what was kept first; `nil` when more must come, or the connection ends.
    func nextRequest() -> Request? {
        while !closesAfterAnswer {
            let input = unsafe waiting
            guard unsafe !input.isEmpty else { return nil }
            do {
                guard let request = try unsafe parse(input) else { continue }
                return try accept(request)
            } catch {
                refuse(Refusal(error), of: refused)
                refused = nil
            }
        }
        return nil
    }

    /// Parses a head at the front of `input` and takes its bytes; keeps a head that goes on.
    func parse(_ input: UnsafeRawBufferPointer) throws(WireError) -> Request? {
        let known = partial
        var parser = known?.parser ?? RequestParser(limits: server.configuration.limits)
        let request = known?.request ?? server.takeRequest(for: info)
        partial = nil
        do {
            if let taken = try unsafe parser.parse(input, into: request) {
                consume(taken)
                return request
            }
        } catch {
            refused = request
            throw error
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
    func accept(_ request: Request) throws(WireError) -> Request {
        let input = unsafe waiting
        if request.capacity > MemoryBudget.free { try checkRoom(for: request) }
        switch request.framing.body {
        case .none:
            break
        case .length(let length)
        where length <= UInt64(input.count) && length <= server.configuration.maximumBodySize:
            if length > MemoryBudget.free { try checkRoom(for: request) }
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

    /// Throws 503 where no more may be held.
    private func checkRoom(for request: Request) throws(WireError) {
        guard server.load.memory.isFull else { return }
        refused = request
        throw WireError(status: 503, reason: "too much is held for all clients together")
    }

    /// Gives input to a body that is arriving; returns what belonged to it.
    func feed(_ body: ArrivingBody, _ input: UnsafeRawBufferPointer) -> Int {
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

    func watchBody(_ body: ArrivingBody) {
        bodyProgress = body.received
        set(.body, after: server.times.body)
    }

    func checkBodyRate() {
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
}
