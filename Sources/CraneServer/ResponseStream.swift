import CraneHTTP
import CraneLoop
import HTTPTypes
import Synchronization

/// The client's end of a streamed response: frames what the producer writes, and makes it wait for the client.
final class ResponseStream: ResponseWriter {
    private let connection: HTTPConnection
    private let framing: ResponseEncoder.Framing.Body
    private let state: Mutex<State>

    private struct State {
        var remaining: Int
        var trailers = HTTPFields()
        var isOver = false
    }

    init(connection: HTTPConnection, framing: ResponseEncoder.Framing.Body) {
        self.connection = connection
        self.framing = framing
        if case .length(let length) = framing {
            state = Mutex(State(remaining: length))
        } else {
            state = Mutex(State(remaining: 0))
        }
    }

    func setTrailers(_ trailers: HTTPFields) {
        state.withLock { $0.trailers = trailers }
    }

    func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        guard !bytes.isEmpty else { return }
        guard connection.loop.isCurrent else { return try await writeFromElsewhere(bytes) }
        try append(bytes)
        if connection.writableOutput().count + connection.queuedBytes > RequestBodyStream.bound
            || connection.loop.isSliceLong
        {
            connection.flush()
            await connection.waitUntilWritable()
        }
    }

    private func writeFromElsewhere(_ bytes: [UInt8]) async throws {
        let connection = connection
        try await unsafe withUnsafeThrowingContinuation {
            (continuation: UnsafeContinuation<Void, any Error>) in
            let isTaken = connection.loop.execute { [self] in
                connection.loop.startTask { [self] in
                    do {
                        try await write(bytes)
                        unsafe continuation.resume()
                    } catch {
                        unsafe continuation.resume(throwing: error)
                    }
                }
            }
            if !isTaken { unsafe continuation.resume(throwing: CancellationError()) }
        }
    }

    private func append(_ bytes: [UInt8]) throws {
        let isOver = state.withLock { state in
            guard case .length = framing, !state.isOver else { return state.isOver }
            state.remaining -= bytes.count
            return state.remaining < 0
        }
        guard connection.isOpen, !isOver else { throw CancellationError() }
        let output = connection.writableOutput()
        if framing == .chunked {
            ResponseEncoder.chunk(bytes, to: output)
        } else {
            output.append(bytes)
        }
        connection.scheduleFlush()
    }

    /// Ends the response; false when its declared length was not reached, so that the connection must be closed.
    func finish() -> Bool {
        let (trailers, remaining) = state.withLock { state in
            state.isOver = true
            return (state.trailers, state.remaining)
        }
        if framing == .chunked, connection.isOpen {
            ResponseEncoder.lastChunk(trailers: trailers, to: connection.writableOutput())
        }
        return remaining == 0
    }
}
