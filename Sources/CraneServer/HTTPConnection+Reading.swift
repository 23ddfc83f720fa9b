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
        if pending.count - pendingOffset > HTTPConnection.inputHighWatermark { stopReading() }
    }

    /// Lets go of kept input that has been served, lest a client that is always ahead make it grow without end.
    func forgetServedInput() {
        guard let served = pending, pendingOffset > HTTPConnection.inputHighWatermark else { return }
        let rest = server.takeOutput()
        unsafe rest.append(UnsafeRawBufferPointer(rebasing: served.bytes[pendingOffset...]))
        server.recycle(served)
        pending = rest
        pendingOffset = 0
    }

    /// The next whole head, from what was kept first; `nil` when more must come, or the connection ends.
    func nextRequest() -> Request? {
        while machine.keepsAlive {
            let input = unsafe waiting
            guard unsafe !input.isEmpty else { return nil }
            do {
                guard let request = try unsafe parse(input) else { continue }
                return try accept(request)
            } catch {
                refuse(Refusal(error), of: server.refused.take())
            }
        }
        return nil
    }

    /// Parses a head at the front of `input` and takes its bytes; keeps a head that goes on.
    func parse(_ input: UnsafeRawBufferPointer) throws(WireError) -> Request? {
        let known = partial
        var parser = known?.parser ?? RequestParser(limits: server.configuration.limits)
        let request = known?.request ?? server.takeRequest(from: peer)
        partial = nil
        do {
            if let taken = try unsafe parser.parse(input, into: request) {
                consume(taken)
                return request
            }
        } catch {
            server.refused = request
            throw error
        }
        consume(input.count)
        partial = PendingHead(parser: parser, request: request)
        on(.headPart)
        return nil
    }

    /// What the present read has brought and nobody has taken.
    var window: UnsafeRawBufferPointer {
        let isRead = server.reader == ObjectIdentifier(self)
        return unsafe isRead ? server.window : UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Input that nobody has taken.
    var waiting: UnsafeRawBufferPointer {
        guard let pending else { return unsafe window }
        return unsafe UnsafeRawBufferPointer(rebasing: pending.bytes[pendingOffset...])
    }

    func consume(_ count: Int) {
        guard let pending else {
            unsafe server.window = UnsafeRawBufferPointer(rebasing: window[count...])
            return
        }
        pendingOffset += count
        guard pendingOffset == pending.count else { return }
        server.recycle(pending)
        self.pending = nil
        pendingOffset = 0
        if !machine.inputEnded { startReading() }
    }

    /// Throws kept input away.
    func dropInput() {
        guard let pending else { return }
        server.recycle(pending)
        self.pending = nil
        pendingOffset = 0
    }

    /// Takes the body's framing up: what is here already becomes a plain body, the rest will arrive.
    func accept(_ request: Request) throws(WireError) -> Request {
        let input = unsafe waiting
        if request.framing.wantsUpgrade { request.fit() }
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
            let arriving = RequestBodyStream(connection: self, framing: request.framing)
            body = arriving
            request.body = RequestBody(source: arriving)
            let expectsContinue = request.framing.expectsContinue && request.framing.minorVersion > 0
            // One that has begun to send it does not wait.
            let waits = unsafe input.isEmpty && expectsContinue
            let taken = try unsafe arriving.receive(input)
            consume(taken)
            on(.bodyBegins(expectsContinue: waits))
        }
        return request
    }

    /// Throws 503 where no more may be held.
    private func checkRoom(for request: Request) throws(WireError) {
        guard server.load.memory.isFull else { return }
        server.refused = request
        throw WireError(status: 503, reason: "too much is held for all clients together")
    }

    /// Gives input to a body that is arriving; returns what belonged to it.
    func feed(_ body: RequestBodyStream, _ input: UnsafeRawBufferPointer) -> Int {
        on(.bodyPart)
        do {
            return try unsafe body.receive(input)
        } catch {
            body.fail(.malformed)
            on(.bodyGivenUp)
            return input.count
        }
    }

    /// A handler waits for the body.
    func waitForBody() {
        guard let body, isOpen else { return }
        resumeReading()
        on(.bodyAwaited(received: body.received))
    }

    /// The reader of the body has taken what was there.
    func resumeReading() {
        guard !isReading, let body else { return }
        on(.bodyTaken(received: body.received))
    }
}
