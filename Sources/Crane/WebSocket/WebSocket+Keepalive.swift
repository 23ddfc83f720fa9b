import CraneHTTP

// Pings of clients that are silent, and what becomes of those that do not answer.
extension WebSocket {
    package func deadlinePassed() {
        change { state, aftermath in
            switch state.phase {
            case .open where state.ending != nil:
                settle(&state, &aftermath)
            case .open:
                keepAlive(&state, &aftermath)
            case .closing:
                finish(WebSocketClosure(.abnormal), &state, &aftermath)
                aftermath.closes = true
            case .closed:
                break
            }
        }
    }

    /// Asks a silent client for a sign of life, and gives it up when none comes.
    private func keepAlive(_ state: inout State, _ aftermath: inout Aftermath) {
        guard let interval = options.pingInterval else { return }
        if state.isPaused {
            // It cannot be heard, but what is sent to a broken connection finds that out.
            stream.write { FrameWriter.write(.ping, [], to: $0) }
            stream.setDeadline(after: interval)
        } else if state.hasHeard {
            state.hasHeard = false
            state.isPinged = false
            stream.setDeadline(after: interval)
        } else if state.isPinged {
            state.ending = .failure(WebSocketClosure(.internalError, "keepalive ping timeout"))
            settle(&state, &aftermath)
        } else {
            state.isPinged = true
            state.deflate?.forgetSent()
            stream.write { FrameWriter.write(.ping, [], to: $0) }
            stream.setDeadline(after: options.pingTimeout)
        }
    }
}
