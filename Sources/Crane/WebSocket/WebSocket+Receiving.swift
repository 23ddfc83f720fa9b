import CraneHTTP
import Synchronization

extension WebSocket: StreamReceiver {
    package func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        // Good for the call, in which all of them are read.
        change { state, aftermath in unsafe read(bytes, &state, &aftermath) }
    }

    private func read(_ bytes: UnsafeRawBufferPointer, _ state: inout State, _ aftermath: inout Aftermath)
        -> Int
    {
        state.hasHeard = true
        var position = 0
        defer { charge(&state, &aftermath) }
        while state.isListening {
            guard state.hasRoom else {
                state.isPaused = true
                return position
            }
            do throws(WebSocketClosure) {
                // The caller keeps the bytes until this returns.
                guard let event = try unsafe state.reader.next(bytes, from: &position) else { break }
                try handle(event, &state, &aftermath)
            } catch {
                end(.failure(error), &state, &aftermath)
            }
        }
        // What comes behind the end is nobody's (RFC 6455, section 5.5.1).
        return bytes.count
    }

    /// Has the budget know what is held now; a connection that exceeds it with what has just come is closed.
    private func charge(_ state: inout State, _ aftermath: inout Aftermath) {
        guard !budget.count(state.heldBytes, insteadOf: &state.counted), state.isListening else { return }
        state.dropKept()
        end(.failure(WebSocketClosure(.tryAgainLater, "too many long messages")), &state, &aftermath)
    }

    private func handle(
        _ event: MessageReader.Event, _ state: inout State, _ aftermath: inout Aftermath
    ) throws(WebSocketClosure) {
        switch event {
        case .text(let text): deliver(.text(text), &state, &aftermath)
        case .binary(let bytes): deliver(.binary(bytes), &state, &aftermath)
        case .compressed(let bytes, let isText):
            try inflate(CompressedMessage(bytes: bytes, isText: isText), &state, &aftermath)
        case .ping(let payload):
            guard state.phase == .open else { return }
            let waiting = stream.write { FrameWriter.write(.pong, payload, to: $0) }
            // It asks and asks, and reads no response.
            if waiting > options.outputLimit { drop(&state, &aftermath) }
        case .pong: break
        case .close(let closure):
            if state.phase == .closing {
                finish(closure, &state, &aftermath)
                aftermath.closes = true
            } else {
                end(.peer(closure), &state, &aftermath)
            }
        }
    }

    /// Inflates a message at once, or has its reader do so when a piece was not all.
    private func inflate(
        _ message: CompressedMessage, _ state: inout State, _ aftermath: inout Aftermath
    ) throws(WebSocketClosure) {
        guard state.isHeard, let deflate = state.deflate else { return }
        if message.bytes.count <= MessageInflater.piece {
            var inflation = deflate.inflation(of: message, limit: options.maximumMessageSize)
            if try inflation.next() {
                guard let message = try state.deflate?.message(inflation) else { return }
                return deliver(message, &state, &aftermath)
            }
        }
        state.long = message
        guard unsafe state.waiter != nil, let arrival = state.takeKept() else { return }
        wake(with: arrival, &state, &aftermath)
    }

    private func deliver(_ message: Message, _ state: inout State, _ aftermath: inout Aftermath) {
        guard state.isHeard else { return }
        // Only compared.
        if unsafe state.waiter == nil {
            state.keep(message)
        } else {
            wake(with: .message(message), &state, &aftermath)
        }
    }

    private func wake(with arrival: Arrival, _ state: inout State, _ aftermath: inout Aftermath) {
        // Taken out under the lock: it is resumed once.
        unsafe aftermath.waiter = state.waiter.take()
        aftermath.hasArrival = true
        state.arrived = arrival
        state.isHandling = true
    }

    package func receiveEnd() {
        change { state, aftermath in
            guard state.phase != .closed else { return }
            var closure = WebSocketClosure(.abnormal)
            if case .peer(let said) = state.ending { closure = said }
            finish(closure, &state, &aftermath)
            aftermath.closes = true
        }
    }
}

extension WebSocket {
    /// A message of more bytes has cost its loop a turn's share.
    private static let longMessage = 64 << 10

    /// The next message, `nil` once the connection has ended or the task is cancelled. One reader at a time.
    @usableFromInline
    func next() async -> Message? {
        // The frame of this is held while the connection is idle: what needs much room stands in functions of its own.
        if let arrival = taken() {
            return await message(of: arrival, isNextTurnDue: stream.isSliceLong)
        }
        let hasArrival =
            isInHandlerTask ? await waitForMessage(asHandler: true) : await waitForMessageOrCancellation()
        stream.beginSlice()
        return hasArrival ? await message(of: arrived(), isNextTurnDue: false) : nil
    }

    @inline(never)
    private func taken() -> Arrival? {
        change { state, aftermath in take(&state, &aftermath) }
    }

    @inline(never)
    private func arrived() -> Arrival { state.withLock { $0.arrived.take() } ?? .end }

    @inline(never)
    private func waitForMessageOrCancellation() async -> Bool {
        await withTaskCancellationHandler {
            await waitForMessage(asHandler: false)
        } onCancel: {
            giveUpWaiting()
        }
    }

    @inline(never)
    private func message(of arrival: Arrival, isNextTurnDue: Bool) async -> Message? {
        switch arrival {
        case .message(let message): await given(message, isNextTurnDue: isNextTurnDue)
        case .long(let message): await inflated(message)
        case .end: nil
        }
    }

    /// The message, inflated a piece a turn of the loop; `nil` when it cannot be, or when the connection wants it no more.
    @inline(never)
    private func inflated(_ message: CompressedMessage) async -> Message? {
        let limit = options.maximumMessageSize
        guard var inflation = state.withLock({ $0.deflate?.inflation(of: message, limit: limit) }) else {
            return nil
        }
        do throws(WebSocketClosure) {
            var isDone = false
            while !isDone {
                await stream.nextTurn()
                stream.beginSlice()
                isDone = try inflation.next()
                guard isWanted(heldBytes: inflation.heldBytes) else { return nil }
            }
            return try finish(inflation)
        } catch {
            change { state, aftermath in
                state.inflatingBytes = nil
                state.isHandling = false
                if state.phase == .open { end(.failure(error), &state, &aftermath) }
            }
            return nil
        }
    }

    /// Whether the message under way is still wanted, and within what the server may hold for all.
    private func isWanted(heldBytes: Int) -> Bool {
        change { state, aftermath in
            guard state.inflatingBytes != nil else { return false }
            state.inflatingBytes = heldBytes
            charge(&state, &aftermath)
            if state.inflatingBytes != nil { return true }
            state.isHandling = false
            settle(&state, &aftermath)
            return false
        }
    }

    /// What the inflation has come to; what stands behind it is read next.
    private func finish(_ inflation: borrowing Inflation) throws(WebSocketClosure) -> Message? {
        var aftermath = Aftermath()
        let result: Result<Message?, WebSocketClosure> = state.withLock { state in
            guard state.inflatingBytes.take() != nil else { return .success(nil) }
            do throws(WebSocketClosure) {
                let message = try state.deflate?.message(inflation)
                goOn(&state, &aftermath)
                return .success(message)
            } catch {
                return .failure(error)
            }
        }
        perform(aftermath)
        return try result.get()
    }

    /// The message; after a long one, which has cost its loop much, and after many short ones the loop has a turn first.
    private func given(_ message: Message, isNextTurnDue: Bool) async -> Message {
        if isNextTurnDue || message.byteCount > WebSocket.longMessage {
            await stream.nextTurn()
            stream.beginSlice()
        }
        return message
    }

    /// Whether this is the handler's task, which is cancelled with the connection only.
    private var isInHandlerTask: Bool {
        let task = WebSocket.currentTask
        return task != nil && task == state.withLock { $0.handlerTask }
    }

    /// The identity of the current task, good for comparing while that task runs.
    static var currentTask: UInt? {
        // A task's value is the pointer to it.
        unsafe withUnsafeCurrentTask { unsafe $0.map { unsafe unsafeBitCast($0, to: UInt.self) } }
    }

    private func waitForMessage(asHandler: Bool) async -> Bool {
        // `wait` resumes it at once, or keeps it where only one can take it.
        await unsafe withUnsafeContinuation { continuation in unsafe wait(continuation, asHandler) }
    }

    /// The waiting task, which is not the handler's, has been cancelled: it gets no message.
    private func giveUpWaiting() {
        change { state, aftermath in
            if !state.waiterIsHandler { unsafe aftermath.waiter = state.waiter.take() }
        }
    }

    /// What is there for a reader; `nil` when that is still to come.
    private func take(_ state: inout State, _ aftermath: inout Aftermath) -> Arrival? {
        // Whoever asks for the next message is done with the last.
        state.isHandling = false
        let arrival = state.takeKept()
        goOn(&state, &aftermath)
        if let arrival {
            state.isHandling = true
            return arrival
        }
        if state.ending != nil { settle(&state, &aftermath) }
        return state.phase == .open ? nil : .end
    }

    /// Has the stream read again once nothing is left of what it was stopped for.
    private func goOn(_ state: inout State, _ aftermath: inout Aftermath) {
        _ = budget.count(state.heldBytes, insteadOf: &state.counted)
        guard state.isPaused, state.inbox.isEmpty, !state.hasLong else { return }
        state.isPaused = false
        aftermath.resumes = true
    }

    private func wait(_ continuation: UnsafeContinuation<Bool, Never>, _ asHandler: Bool) {
        let hasArrival = change { state, aftermath -> Bool? in
            if let arrival = take(&state, &aftermath) {
                if case .end = arrival { return false }
                state.arrived = arrival
                return true
            }
            // The cancellation may have come before the waiter.
            guard unsafe state.waiter == nil, !Task.isCancelled else { return false }
            unsafe state.waiter = continuation
            state.waiterIsHandler = asHandler
            return nil
        }
        if let hasArrival { unsafe continuation.resume(returning: hasArrival) }
    }
}
