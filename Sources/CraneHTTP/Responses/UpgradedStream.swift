/// A connection that has left HTTP (RFC 9110, section 7.8), as the protocol that took it over sees it.
///
/// What comes is pushed: the receiver reads it where the socket has put it, and while it waits nothing is held for it.
package protocol UpgradedStream: AnyObject, Sendable {
    /// What the server may hold for all its clients.
    var memory: MemoryBudget { get }

    /// Has `receiver` hear what comes from now on, first what came behind the head; once, on the connection's loop.
    func start(_ receiver: any StreamReceiver)

    /// The handler goes on: what runs on the loop until its next wait is its own, and named so when that is too long.
    func beginSlice()

    /// Sends what `body` appends, at the end of the loop's turn and in the order of the calls; any thread. `body` runs
    /// before this returns.
    ///
    /// Returns how many bytes wait for the client. After `close` nothing is sent.
    @discardableResult
    func write(_ body: (OutputBuffer) -> Void) -> Int

    /// How many bytes wait for the client, about; any thread.
    var waitingBytes: Int { get }

    /// Hands what was written to the socket now rather than at the end of the turn; does nothing on other threads.
    func flush()

    /// Sends pieces that others may be sending too, straight to the socket behind what was written; on the connection's loop.
    func send(_ pieces: SharedPieces) -> SharedSending

    /// Waits until the client has taken what was written; any task.
    func waitUntilWritable() async

    /// Whether what runs on the loop without a wait has had its share of a turn; false on other threads.
    var isSliceLong: Bool { get }

    /// Lets the loop have a turn, when called on it; any task.
    func nextTurn() async

    /// Has the receiver hear again after it has left bytes; any thread, but not inside `receive`.
    func resume()

    /// Calls `deadlinePassed` in about this time unless it is set anew; any thread.
    func setDeadline(after duration: Duration)

    /// Ends the connection once all that was written has gone; any thread.
    func close()

    /// Ends the connection at once; any thread.
    func abort()
}

/// What a protocol hears of its connection, on the connection's loop.
package protocol StreamReceiver: AnyObject, Sendable {
    /// Bytes have come, gone when this returns; says how many were taken. What is left comes again after `resume`, and
    /// until then the socket is left alone.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Int

    /// The peer sends no more, or the connection broke: nothing else comes.
    func receiveEnd()

    func deadlinePassed()

    /// The socket has taken all that waited for it.
    func didDrain()

    /// The server is going down, to come back at once when it `restarts`: time to say goodbye.
    func serverStops(restarts: Bool)
}

extension UpgradedStream {
    /// Without a socket there is nothing to be shared: the pieces are copied.
    package func send(_ pieces: SharedPieces) -> SharedSending {
        write { output in
            for index in 0..<pieces.count {
                let piece = unsafe pieces.pieces[index]
                unsafe output.append(UnsafeRawBufferPointer(start: piece.base, count: piece.count))
            }
        }
        return .all
    }
}

extension StreamReceiver {
    package func didDrain() {}
}

/// What has become of pieces that were to be sent.
package enum SharedSending: Equatable, Sendable {
    /// All are on their way.
    case all
    /// So many are, the last perhaps in part: nothing more is taken before the receiver hears `didDrain`.
    case some(Int)
    /// The connection is closed.
    case none
}
