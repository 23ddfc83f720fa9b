import HTTPWire

extension WebSocket {
    /// Sends a text message, and waits first while the client is behind with reading.
    ///
    /// Throws `WebSocketError` once the connection is closed, `CancellationError` when the task is cancelled while it waits.
    public func send(_ text: String) async throws {
        try await waitForRoom()
        _ = try write(text)
    }

    /// Sends a binary message; see `send(_:)` of a text.
    public func send(_ bytes: [UInt8]) async throws {
        try await waitForRoom()
        _ = try write(bytes)
    }

    /// Sends a message as it is.
    public func send(_ message: Message) async throws {
        switch message {
        case .text(let text): try await send(text)
        case .binary(let bytes): try await send(bytes)
        }
    }

    /// Sends a message without waiting for anybody; false when the connection is closed.
    ///
    /// A client that is more than the route's `outputLimit` behind is dropped, so that one slow reader holds up no others.
    @discardableResult
    public func post(_ message: Message) -> Bool {
        let waiting: Int
        do {
            switch message {
            case .text(let text): waiting = try write(text)
            case .binary(let bytes): waiting = try write(bytes)
            }
        } catch {
            return false
        }
        guard waiting > options.outputLimit else { return true }
        change { state, aftermath in
            if state.phase != .closed { drop(&state, &aftermath) }
        }
        return false
    }

    private func waitForRoom() async throws {
        while stream.waitingBytes > WebSocket.sendBound {
            try Task.checkCancellation()
            await stream.waitForRoom()
        }
    }

    private func write(_ text: String) throws(WebSocketError) -> Int {
        var text = text
        // The string's own bytes: nothing is copied but into the output.
        return try text.withUTF8 { bytes throws(WebSocketError) in
            try unsafe write(.text, UnsafeRawBufferPointer(bytes))
        }
    }

    private func write(_ bytes: [UInt8]) throws(WebSocketError) -> Int {
        try bytes.withUnsafeBytes { bytes throws(WebSocketError) in try unsafe write(.binary, bytes) }
    }

    /// Appends a message to the output under the lock, so that compressed messages leave in the order of their windows.
    private func write(_ opcode: FrameOpcode, _ payload: UnsafeRawBufferPointer) throws(WebSocketError) -> Int {
        try state.withLock { state throws(WebSocketError) in
            guard state.phase == .open else {
                throw WebSocketError(state.closure?.code ?? .abnormal, state.closure?.reason ?? "")
            }
            return stream.write { output in
                if state.deflate == nil || !state.deflate!.write(opcode, payload, to: output) {
                    unsafe FrameWriter.write(opcode, payload, to: output)
                }
            }
        }
    }
}
