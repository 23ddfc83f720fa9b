import HTTPWire
import Synchronization

extension WebSocket: StreamReceiver {
    package func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
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
            let limit = options.maximumMessageSize
            let message = try state.deflate?.inflate(bytes, isText: isText, limit: limit)
            if let message { deliver(message, &state, &aftermath) }
        case .ping(let payload):
            guard state.phase == .open else { return }
            let waiting = stream.write { FrameWriter.write(.pong, payload, to: $0) }
            // It asks and asks, and reads no answer.
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

    private func deliver(_ message: Message, _ state: inout State, _ aftermath: inout Aftermath) {
        // What comes while the server says goodbye is not heard any more.
        guard state.phase == .open, state.ending == nil else { return }
        if let waiter = unsafe state.waiter.take() {
            unsafe aftermath.waiter = waiter
            aftermath.message = message
            state.isHandling = true
        } else {
            state.keep(message)
        }
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
    func next() async -> Message? {
        switch change({ state, aftermath in take(&state, &aftermath) }) {
        case .message(let message): return await given(message, isNextTurnDue: stream.isSliceLong)
        case .end: return nil
        case .later: break
        }
        let message: Message?
        if isInHandlerTask {
            message = await waitForMessage(asHandler: true)
        } else {
            message = await withTaskCancellationHandler {
                await waitForMessage(asHandler: false)
            } onCancel: {
                giveUpWaiting(asHandler: false)
            }
        }
        stream.beginSlice()
        guard let message else { return nil }
        return await given(message, isNextTurnDue: false)
    }

    /// The message; after a long one, which has cost its loop much, and after many short ones the loop has a turn first.
    private func given(_ message: Message, isNextTurnDue: Bool) async -> Message {
        if isNextTurnDue || message.byteCount > WebSocket.longMessage {
            await stream.nextTurn()
            stream.beginSlice()
        }
        return message
    }

    /// Whether this is the handler's task, of whose cancellation `run` hears.
    private var isInHandlerTask: Bool {
        let task = WebSocket.currentTask
        return task != nil && task == state.withLock { $0.handlerTask }
    }

    /// The identity of the current task, good for comparing while that task runs.
    static var currentTask: UInt? {
        // A task's value is the pointer to it.
        unsafe withUnsafeCurrentTask { unsafe $0.map { unsafe unsafeBitCast($0, to: UInt.self) } }
    }

    private func waitForMessage(asHandler: Bool) async -> Message? {
        await unsafe withUnsafeContinuation { continuation in unsafe wait(continuation, asHandler) }
    }

    /// The waiting task has been cancelled: it gets no message.
    func giveUpWaiting(asHandler: Bool) {
        change { state, aftermath in
            if state.waiterIsHandler == asHandler { unsafe aftermath.waiter = state.waiter.take() }
        }
    }

    private enum Taken {
        case message(Message)
        case end
        case later
    }

    private func take(_ state: inout State, _ aftermath: inout Aftermath) -> Taken {
        // Whoever asks for the next message is done with the last.
        state.isHandling = false
        let message = state.takeKept()
        _ = budget.count(state.heldBytes, insteadOf: &state.counted)
        if state.isPaused, state.inbox.isEmpty {
            state.isPaused = false
            aftermath.resumes = true
        }
        if let message {
            state.isHandling = true
            return .message(message)
        }
        if state.ending != nil { settle(&state, &aftermath) }
        return state.phase == .open ? .later : .end
    }

    private func wait(_ continuation: UnsafeContinuation<Message?, Never>, _ asHandler: Bool) {
        let ready = change { state, aftermath -> Message?? in
            switch take(&state, &aftermath) {
            case .message(let message): return .some(message)
            case .end: return .some(nil)
            case .later:
                // The cancellation may have come before the waiter.
                guard unsafe state.waiter == nil, !Task.isCancelled else { return .some(nil) }
                unsafe state.waiter = continuation
                state.waiterIsHandler = asHandler
                return nil
            }
        }
        if let ready { unsafe continuation.resume(returning: ready) }
    }
}
