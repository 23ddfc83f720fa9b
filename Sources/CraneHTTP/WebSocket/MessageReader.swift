/// Puts messages together from frames (RFC 6455, sections 5 and 6), resumable at any byte.
///
/// Text is checked as it comes: a byte that is not UTF-8 ends the connection before its frame is complete. After an error
/// the connection is of no more use.
package struct MessageReader {
    package enum Event: Equatable, Sendable {
        case text(String)
        case binary([UInt8])
        /// A message as RFC 7692 compresses it: neither inflated nor checked.
        case compressed([UInt8], isText: Bool)
        case ping([UInt8])
        case pong
        case close(WebSocketClosure)
    }

    /// The longest message in bytes.
    let limit: Int
    private var headers: FrameHeaderReader

    // The frame whose payload is being read.
    private var frame: FrameHeader?
    private var remaining = 0
    private var control: [UInt8] = []

    // The message under way.
    private var isInMessage = false
    private var isText = false
    private var isCompressed = false
    private var message: [UInt8] = []
    /// How many bytes are held of it.
    package var heldBytes: Int { message.count }
    private var validator = UTF8Validator()

    package init(limit: Int, allowsCompression: Bool = false, expectsMask: Bool = true) {
        self.limit = limit
        headers = FrameHeaderReader(expectsMask: expectsMask, allowsCompression: allowsCompression)
    }

    /// Takes bytes from `position` on, up to the end of the next message or control frame; `nil` when that is still to come.
    package mutating func next(
        _ input: UnsafeRawBufferPointer, from position: inout Int
    ) throws(WebSocketClosure) -> Event? {
        while true {
            if frame == nil {
                let header = try unsafe headers.read(input, from: &position, isInMessage: isInMessage)
                guard let header else { return nil }
                if let event = try unsafe begin(header, input, &position) { return event }
            }
            guard let frame else { continue }
            try unsafe takePayload(of: frame, input, &position)
            guard remaining == 0 else { return nil }
            self.frame = nil
            if let event = try end(frame) { return event }
        }
    }

    /// Begins a frame; one that is a whole message and wholly here is given at once.
    private mutating func begin(
        _ header: FrameHeader, _ input: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(WebSocketClosure) -> Event? {
        guard !header.opcode.isControl else {
            frame = header
            remaining = header.length
            return nil
        }
        guard header.length <= limit - message.count else { throw .tooBig(limit) }
        if header.opcode != .continuation {
            isText = header.opcode == .text
            isCompressed = header.isCompressed
            if header.isFinal, !isCompressed, input.count - position >= header.length {
                let payload = unsafe UnsafeRawBufferPointer(
                    rebasing: input[position..<(position + header.length)])
                position += header.length
                return try unsafe whole(payload, header.mask)
            }
            isInMessage = true
            validator = UTF8Validator()
        }
        frame = header
        remaining = header.length
        return nil
    }

    /// A message of one frame, straight from where it was read: one copy, one allocation.
    private func whole(
        _ payload: UnsafeRawBufferPointer, _ mask: FrameMask?
    ) throws(WebSocketClosure) -> Event {
        guard let start = payload.baseAddress, payload.count > 0 else {
            return isText ? .text("") : .binary([])
        }
        let mask = mask ?? FrameMask(key: 0)
        guard isText else {
            return .binary(
                unsafe Array(unsafeUninitializedCapacity: payload.count) { room, count in
                    // The room is as long as the payload.
                    guard let target = room.baseAddress else { return }
                    unsafe mask.apply(start, to: UnsafeMutableRawPointer(target), count: payload.count)
                    count = payload.count
                })
        }
        var isValid = false
        let text = unsafe String(unsafeUninitializedCapacity: payload.count) { room in
            // The room is as long as the payload.
            guard let target = room.baseAddress else { return 0 }
            unsafe mask.apply(start, to: UnsafeMutableRawPointer(target), count: payload.count)
            var validator = UTF8Validator()
            let bytes = unsafe UnsafeRawBufferPointer(start: target, count: payload.count)
            isValid = unsafe validator.accept(bytes) && validator.isComplete
            return payload.count
        }
        guard isValid else { throw .notUTF8 }
        return .text(text)
    }

    private mutating func takePayload(
        of frame: FrameHeader, _ input: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(WebSocketClosure) {
        let count = min(remaining, input.count - position)
        guard count > 0 else { return }
        let piece = unsafe UnsafeRawBufferPointer(rebasing: input[position..<(position + count)])
        let mask = frame.mask?.advanced(by: frame.length - remaining)
        position += count
        remaining -= count
        if frame.opcode.isControl {
            unsafe MessageReader.append(piece, mask, to: &control)
            return
        }
        let start = message.count
        unsafe MessageReader.append(piece, mask, to: &message)
        guard isText, !isCompressed else { return }
        let isValid = unsafe message.withUnsafeBytes { bytes in
            unsafe validator.accept(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
        guard isValid else { throw .notUTF8 }
    }

    private static func append(_ piece: UnsafeRawBufferPointer, _ mask: FrameMask?, to bytes: inout [UInt8]) {
        let start = bytes.count
        unsafe bytes.append(contentsOf: piece)
        guard let mask else { return }
        unsafe bytes.withUnsafeMutableBytes { bytes in
            // In place, over what has just been appended.
            guard let base = bytes.baseAddress else { return }
            unsafe mask.apply(base + start, to: base + start, count: piece.count)
        }
    }

    /// The frame is complete: what that amounts to.
    private mutating func end(_ frame: FrameHeader) throws(WebSocketClosure) -> Event? {
        switch frame.opcode {
        case .text, .binary, .continuation:
            return frame.isFinal ? try endMessage() : nil
        case .pong:
            control = []
            return .pong
        case .ping, .close:
            let payload = control
            control = []
            return frame.opcode == .ping ? .ping(payload) : .close(try WebSocketClosure(payload: payload))
        }
    }

    private mutating func endMessage() throws(WebSocketClosure) -> Event {
        let message = message
        // Given back: an idle connection holds nothing.
        self.message = []
        isInMessage = false
        if isCompressed { return .compressed(message, isText: isText) }
        guard isText else { return .binary(message) }
        guard validator.isComplete else { throw .notUTF8 }
        return .text(String(decoding: message, as: UTF8.self))
    }
}

extension WebSocketClosure {
    /// In the words of the reference's library.
    package static func tooBig(_ limit: Int) -> WebSocketClosure {
        WebSocketClosure(.messageTooBig, "frame exceeds limit of \(limit) bytes")
    }

    package static let notUTF8 = WebSocketClosure(.invalidPayload, "text that is not UTF-8")
}
