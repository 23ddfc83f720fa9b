import CraneHTTP
import Synchronization

extension WebSocket {
    enum Phase {
        case open
        /// The close frame has gone; the client's is awaited (RFC 6455, section 7.1.2).
        case closing
        case closed
    }

    /// An end that waits for the handler to be done with what came before it.
    enum Ending {
        /// The client's close frame.
        case peer(WebSocketClosure)
        /// The client broke the protocol.
        case failure(WebSocketClosure)
        /// The server goes down.
        case departure(WebSocketClosure)
    }

    /// What a reader finds.
    enum Arrival {
        case message(Message)
        /// One that the reader inflates itself.
        case long(CompressedMessage)
        case end
    }

    /// Everything that changes, under one lock: messages may be sent from any task while others come.
    @safe
    struct State {
        var phase = Phase.open
        var ending: Ending?
        var closure: WebSocketClosure?

        var reader: MessageReader
        var deflate: MessageDeflate?

        /// Messages that nobody has taken, and their bytes.
        private(set) var inbox: [Message] = []
        private(set) var inboxBytes = 0
        /// The message behind them, when it is too long to be inflated while it is read. Nothing is read behind it, for that may
        /// refer to it.
        var long: CompressedMessage?
        /// What is held of the long message that its reader inflates; `nil` again once nobody wants it.
        var inflatingBytes: Int?
        /// What the budget has counted of this connection.
        var counted = 0
        /// Whether input was left with the stream.
        var isPaused = false
        /// Whether the handler has a message that it may still answer.
        var isHandling = false
        /// Told whether something has arrived, or it is the end.
        var waiter: UnsafeContinuation<Bool, Never>?
        /// What has arrived for the waiter: here and not in its frame, which would have room for it all the time.
        var arrived: Arrival?
        /// The identity of the task that runs the handler.
        var handlerTask: UInt?
        /// Whether the waiter is the handler's own task.
        var waiterIsHandler = false
        var closeWaiters: [UnsafeContinuation<Void, Never>] = unsafe []

        /// Whether anything has come since the last look.
        var hasHeard = false
        var isPinged = false

        init(reader: MessageReader, deflate: MessageDeflate?) {
            self.reader = reader
            self.deflate = deflate
        }

        /// What is held of messages that nobody has taken.
        var heldBytes: Int {
            reader.heldBytes + inboxBytes + (long?.bytes.count ?? 0) + (inflatingBytes ?? 0)
        }

        /// Whether a long message is not through yet.
        var hasLong: Bool { long != nil || inflatingBytes != nil }

        /// Whether what comes is still read: a departure waits for the handler, but the client may say goodbye meanwhile.
        var isListening: Bool {
            switch ending {
            case nil, .departure: phase != .closed
            case .peer, .failure: false
            }
        }

        /// Whether messages still go to the handler: not once the server says goodbye.
        var isHeard: Bool { phase == .open && ending == nil }

        /// Whether more messages may be read.
        var hasRoom: Bool {
            inbox.count < WebSocket.inboxBound && inboxBytes < WebSocket.inboxByteBound && !hasLong
        }

        /// Whether the handler could not answer anything that has come.
        var isIdle: Bool { inbox.isEmpty && !hasLong && !isHandling }

        mutating func keep(_ message: Message) {
            inbox.append(message)
            inboxBytes += message.byteCount
        }

        mutating func takeKept() -> Arrival? {
            guard !inbox.isEmpty else { return takeLong() }
            let message = inbox.removeFirst()
            inboxBytes -= message.byteCount
            // Its room is given back: most messages find the handler waiting and never come here.
            if inbox.isEmpty { inbox = [] }
            return .message(message)
        }

        private mutating func takeLong() -> Arrival? {
            guard let message = long.take() else { return nil }
            inflatingBytes = message.bytes.count
            return .long(message)
        }

        mutating func dropKept() {
            inbox = []
            inboxBytes = 0
            long = nil
            inflatingBytes = nil
        }
    }

    /// What is to be done once the lock is released: none of it may run under it, for it comes back here.
    @safe
    struct Aftermath {
        var waiter: UnsafeContinuation<Bool, Never>?
        var hasArrival = false
        var closeWaiters: [UnsafeContinuation<Void, Never>] = unsafe []
        var closes = false
        var aborts = false
        var resumes = false
    }

    func perform(_ aftermath: Aftermath) {
        // Each was taken out of the state under the lock, and so is resumed once.
        if let waiter = unsafe aftermath.waiter { unsafe waiter.resume(returning: aftermath.hasArrival) }
        var closeWaiters = unsafe aftermath.closeWaiters
        while let waiter = unsafe closeWaiters.popLast() { unsafe waiter.resume() }
        if aftermath.aborts { stream.abort() } else if aftermath.closes { stream.close() }
        if aftermath.resumes { stream.resume() }
    }

    /// Changes the state, then does what follows from it.
    func change<Result>(_ body: (inout State, inout Aftermath) -> Result) -> Result {
        var aftermath = Aftermath()
        let result = state.withLock { body(&$0, &aftermath) }
        perform(aftermath)
        return result
    }
}

extension WebSocket.Message {
    var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}
