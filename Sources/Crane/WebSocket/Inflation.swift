import CraneHTTP

/// A message as it came, not inflated yet.
struct CompressedMessage: Sendable {
    let bytes: [UInt8]
    let isText: Bool
}

/// A compressed message on its way to being a message, piece by piece: a kilobyte may stand for a megabyte.
struct Inflation: ~Copyable, Sendable {
    private let inflater: MessageInflater
    private let isText: Bool
    private var validator = UTF8Validator()
    private let inputBytes: Int

    init(_ message: CompressedMessage, after window: [UInt8], limit: Int) {
        inflater = .take()
        isText = message.isText
        inputBytes = message.bytes.count
        inflater.begin(message.bytes, after: window, limit: limit)
    }

    deinit { inflater.giveBack() }

    /// What has been inflated so far.
    var output: OutputBuffer { inflater.output }

    /// What it holds: zlib's own memory too.
    var heldBytes: Int { inputBytes + inflater.output.allocated + InflateStream.memory }

    /// Inflates a piece; true when it was the last.
    ///
    /// Throws 1002 for what cannot be inflated, 1009 past the limit, 1007 for text that is not UTF-8.
    mutating func next() throws(WebSocketClosure) -> Bool {
        let start = output.count
        let isDone = try inflater.next()
        guard isText else { return isDone }
        let piece = unsafe UnsafeRawBufferPointer(rebasing: output.bytes[start...])
        guard unsafe validator.accept(piece) else { throw .notUTF8 }
        return isDone
    }

    /// The message once the last piece is done.
    var message: WebSocket.Message {
        get throws(WebSocketClosure) {
            guard isText else { return unsafe .binary(Array(output.bytes)) }
            guard validator.isComplete else { throw .notUTF8 }
            return unsafe .text(String(decoding: output.bytes, as: UTF8.self))
        }
    }
}
