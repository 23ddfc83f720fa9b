import CraneHTTP
import Synchronization

extension WebSocket {
    /// Sends a text message, and waits first while the client is behind with reading.
    ///
    /// Throws `WebSocketError` once the connection is closed, `CancellationError` when the task is cancelled while it waits.
    public func send(_ text: String) async throws {
        try await waitUntilWritable()
        if write(text) == nil { throw closedError }
    }

    /// Sends a binary message; see `send(_:)` of a text.
    public func send(_ bytes: [UInt8]) async throws {
        try await waitUntilWritable()
        if write(bytes) == nil { throw closedError }
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
        let waiting =
            switch message {
            case .text(let text): write(text)
            case .binary(let bytes): write(bytes)
            }
        guard let waiting else { return false }
        guard waiting > WebSocket.sendBound else { return true }
        // Much in one turn of the loop: the client has had no chance yet.
        stream.flush()
        // What waited before this message: a long one alone makes no slow client.
        guard stream.waitingBytes - message.byteCount > options.outputLimit else { return true }
        change { state, aftermath in
            if state.phase != .closed { drop(&state, &aftermath) }
        }
        return false
    }

    private func waitUntilWritable() async throws {
        while stream.waitingBytes > WebSocket.sendBound {
            try Task.checkCancellation()
            await stream.waitUntilWritable()
            stream.beginSlice()
        }
    }

    private var closedError: WebSocketError {
        let closure = state.withLock { $0.closure }
        return WebSocketError(closure?.code ?? .abnormal, closure?.reason ?? "")
    }

    private func write(_ text: String) -> Int? {
        var text = text
        // The string's own bytes: nothing is copied but into the output.
        return text.withUTF8 { unsafe write(.text, UnsafeRawBufferPointer($0)) }
    }

    private func write(_ bytes: [UInt8]) -> Int? {
        // The array outlives the call.
        unsafe bytes.withUnsafeBytes { unsafe write(.binary, $0) }
    }

    /// Appends a message to the output, under the lock: compressed messages leave in the order of their windows. Returns how
    /// much waits for the client, `nil` once the connection is closed.
    private func write(_ opcode: FrameOpcode, _ payload: UnsafeRawBufferPointer) -> Int? {
        state.withLock { state in
            guard state.phase == .open else { return nil }
            return stream.write { output in
                if payload.count >= options.shortestCompressed, payload.count <= options.longestCompressed,
                    unsafe state.deflate?.write(opcode, payload, to: output) == true
                {
                    return
                }
                unsafe FrameWriter.write(opcode, payload, to: output)
            }
        }
    }
}
