/// Reads what a client says that is only spoken to: its pings and its close frame. Messages are passed over, resumable at any
/// byte and without holding any of them.
package struct ControlReader: Sendable {
    package enum Event: Equatable, Sendable {
        case ping([UInt8])
        case close(WebSocketClosure)
    }

    private var headers: FrameHeaderReader
    /// The frame under way, and what is left of it.
    private var frame: FrameHeader?
    private var remaining = 0
    private var control: [UInt8] = []
    private var isInMessage = false

    package init(allowsCompression: Bool) {
        headers = FrameHeaderReader(expectsMask: true, allowsCompression: allowsCompression)
    }

    /// Whether it knows nothing that a new one does not.
    package var isFresh: Bool { frame == nil && !isInMessage && headers.isFresh }

    /// Takes bytes from `position` on, up to the end of the next ping or close frame; `nil` when that is still to come.
    ///
    /// Throws what the protocol forbids (RFC 6455, section 5).
    package mutating func next(
        _ input: UnsafeRawBufferPointer, from position: inout Int
    ) throws(WebSocketClosure) -> Event? {
        while true {
            if frame == nil {
                frame = try unsafe headers.read(input, from: &position, isInMessage: isInMessage)
                remaining = frame?.length ?? 0
            }
            guard let frame else { return nil }
            unsafe take(frame, input, &position)
            guard remaining == 0 else { return nil }
            self.frame = nil
            if let event = try end(frame) { return event }
        }
    }

    private mutating func take(
        _ frame: FrameHeader, _ input: UnsafeRawBufferPointer, _ position: inout Int
    ) {
        let count = min(remaining, input.count - position)
        if frame.opcode.isControl {
            let start = frame.length - remaining
            for index in 0..<count {
                let mask = frame.mask?.byte(at: start + index) ?? 0
                unsafe control.append(input[position + index] ^ mask)
            }
        }
        position += count
        remaining -= count
    }

    private mutating func end(_ frame: FrameHeader) throws(WebSocketClosure) -> Event? {
        let payload = control
        control = []
        switch frame.opcode {
        case .text, .binary, .continuation:
            isInMessage = !frame.isFinal
            return nil
        case .pong: return nil
        case .ping: return .ping(payload)
        case .close: return .close(try WebSocketClosure(payload: payload))
        }
    }
}
