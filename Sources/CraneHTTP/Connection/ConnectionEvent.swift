/// What happens to a connection.
///
/// Bytes that wait for the client are told as `unsent`, after all output has been handed to the socket: `nil` where it has taken
/// everything.
package enum ConnectionEvent: Equatable, Sendable {
    case opened

    // MARK: Input

    /// A head has come in part.
    case headPart
    /// A head has come to its end, and nothing is being served.
    case request
    /// The server has written a response of its own, the last one.
    case refused(lingers: Bool, isTooMany: Bool, unsent: Int?)
    /// More input is held than may be; whether the request that is served has been begun.
    case overloaded(isBegun: Bool)
    /// The client sends no more.
    case inputEnded(unsent: Int?)
    /// The connection broke.
    case broken
    /// So many bytes have come behind the last response.
    case discarded(Int)

    // MARK: A request's body

    /// A body arrives behind its head; whether its client waits for a `100`.
    case bodyBegins(expectsContinue: Bool)
    case bodyPart
    /// A handler waits for more than the bytes that have been received.
    case bodyAwaited(received: UInt64)
    /// A handler has taken what had come, and the socket had been left alone meanwhile.
    case bodyTaken(received: UInt64)
    /// The body's framing is wrong, or more of it comes than is worth reading.
    case bodyGivenUp
    /// The response has gone out: nobody reads the body any more, and it is whole or not.
    case bodyEnded(isWhole: Bool)

    // MARK: Responses

    /// A response begins; whether nothing more is to be read behind its request.
    case responds(closes: Bool)
    /// The response says that it is the last; whether its client had said so itself.
    case responseCloses(isAgreed: Bool)
    /// The response is a stream; whether it ends with the connection.
    case streams(untilClose: Bool)
    case streamFailed
    /// Nothing more is to be answered: the requests are served, or the other protocol's handler has returned.
    case served(unsent: Int?)

    // MARK: Output

    /// So many bytes have been handed to the socket.
    case wrote(Int, unsent: Int?)
    /// The socket has taken all; bytes of the body that had been received, where a handler waits for more.
    case drained(received: UInt64?, unsent: Int?)

    // MARK: Another protocol

    case upgrades
    /// The other protocol wants to be told at that time.
    case protocolWaits(until: UInt64)
    case protocolCloses(unsent: Int?)
    case protocolAborts

    // MARK: Time and the end

    case deadline(ConnectionProgress)
    /// A graceful shutdown has begun; whether the kernel holds bytes of an idle connection.
    case serverDrains(hasUnread: Bool)
    /// The connection is given up at once.
    case aborted
    /// The socket is closed; whether another protocol's handler still runs.
    case closed(isHandled: Bool)
}

/// What the machine sees of its surroundings with each event.
package struct ConnectionMoment: Sendable {
    /// Milliseconds of a clock that only goes forward.
    package var now: UInt64
    /// Whether the server shuts down.
    package var isDraining: Bool
    /// Whether input is kept that nobody has taken.
    package var holdsInput: Bool

    package init(now: UInt64, isDraining: Bool = false, holdsInput: Bool = false) {
        self.now = now
        self.isDraining = isDraining
        self.holdsInput = holdsInput
    }
}

/// How far the client has come when a deadline passes.
package struct ConnectionProgress: Equatable, Sendable {
    /// Bytes that the kernel has not taken.
    package var unsent: Int
    /// Bytes of the body that have come, where a handler waits for more.
    package var received: UInt64?
    /// Whether the connection is found to be broken.
    package var isBroken: Bool

    package init(unsent: Int = 0, received: UInt64? = nil, isBroken: Bool = false) {
        self.unsent = unsent
        self.received = received
        self.isBroken = isBroken
    }
}
