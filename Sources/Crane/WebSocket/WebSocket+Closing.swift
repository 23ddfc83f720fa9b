package import CraneHTTP
import Synchronization

extension WebSocket {
    /// Says goodbye and waits until the client has answered, or has taken too long for it. What has come and nobody has read is
    /// dropped.
    ///
    /// - Parameters:
    ///   - code: why the connection is closed (RFC 6455, section 7.4).
    ///   - reason: for people; cut to 123 bytes of UTF-8 (RFC 6455, section 5.5).
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") async {
        change { state, aftermath in
            guard state.phase == .open else { return }
            if state.ending == nil { state.ending = .departure(WebSocketClosure(code, reason)) }
            settle(&state, &aftermath)
            state.dropKept()
            // The response may stand behind what was left with the stream.
            if state.isPaused {
                state.isPaused = false
                aftermath.resumes = true
            }
        }
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let isClosed = state.withLock { state in
                if state.phase != .closed { unsafe state.closeWaiters.append(continuation) }
                return state.phase == .closed
            }
            if isClosed { unsafe continuation.resume() }
        }
    }

    package func serverStops(restarts: Bool) {
        change { state, aftermath in
            guard state.phase == .open, state.ending == nil else { return }
            let code = restarts ? WebSocketCloseCode.serviceRestart : .goingAway
            end(.departure(WebSocketClosure(code)), &state, &aftermath)
        }
    }

    /// The connection is to end once the handler has dealt with what came before; not for ever later.
    func end(_ ending: Ending, _ state: inout State, _ aftermath: inout Aftermath) {
        guard state.phase == .open else {
            // The close frame has gone already: nothing but the connection is left to be closed.
            finish(WebSocketClosure(.abnormal), &state, &aftermath)
            aftermath.closes = true
            return
        }
        state.ending = ending
        if state.isIdle {
            settle(&state, &aftermath)
        } else {
            stream.setDeadline(after: options.closeTimeout)
        }
    }

    /// Sends the close frame of the ending.
    func settle(_ state: inout State, _ aftermath: inout Aftermath) {
        guard state.phase == .open, let ending = state.ending else { return }
        state.ending = nil
        switch ending {
        case .peer(let closure), .failure(let closure):
            // RFC 6455, section 5.5.1: the response echoes the client's code; its reason too, as the talk's server does.
            sendClose(closure)
            finish(closure, &state, &aftermath)
            aftermath.closes = true
        case .departure(let closure):
            sendClose(closure)
            state.closure = closure
            state.phase = .closing
            unsafe aftermath.waiter = state.waiter.take()
            stream.setDeadline(after: options.closeTimeout)
        }
    }

    private func sendClose(_ closure: WebSocketClosure) {
        stream.write { FrameWriter.write(.close, closure.payload, to: $0) }
    }

    /// The client does not read: everything that waits for it is given up.
    func drop(_ state: inout State, _ aftermath: inout Aftermath) {
        finish(WebSocketClosure(.abnormal, "the client reads too slowly"), &state, &aftermath)
        aftermath.aborts = true
    }

    func finish(_ closure: WebSocketClosure, _ state: inout State, _ aftermath: inout Aftermath) {
        state.phase = .closed
        state.ending = nil
        state.closure = closure
        // What came of a message that will not come to its end.
        state.reader = MessageReader(limit: 0)
        _ = budget.count(state.heldBytes, insteadOf: &state.counted)
        if unsafe aftermath.waiter == nil { unsafe aftermath.waiter = state.waiter.take() }
        unsafe aftermath.closeWaiters = state.closeWaiters
        unsafe state.closeWaiters = []
    }
}
