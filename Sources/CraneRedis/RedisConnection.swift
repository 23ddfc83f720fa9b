import CraneLoop
import CraneRESP

/// A client's connection to a Redis: commands go out as they come, and are answered in their order. Loop's thread only.
final class RedisConnection: StreamConnection, @unchecked Sendable {
    /// Commands that are sent together, and their answers.
    private final class Batch {
        let count: Int
        var answers: [RESPValue] = []
        let continuation: CheckedContinuation<[RESPValue], any Error>

        init(_ count: Int, _ continuation: CheckedContinuation<[RESPValue], any Error>) {
            (self.count, self.continuation) = (count, continuation)
        }
    }

    /// Batches that may wait for their answers.
    private static let bound = 10_000

    private let patience: UInt64
    private var output = RESPWriter()
    private var input = RESPReplyReader()
    private var willFlush = false
    private var isConnected = false
    private var batches: [Batch] = []

    /// - Parameter patience: how long an answer may take, and the connection itself.
    init(loop: EventLoop, patience: Duration) {
        self.patience = patience.loopMilliseconds
        super.init(loop: loop)
    }

    override func didOpen() {
        isConnected = true
        startReading()
        flush()
    }

    override func didRead(_ bytes: UnsafeRawBufferPointer) {
        // The reader copies them.
        unsafe input.append(bytes)
        do throws(RESPError) {
            while let value = try input.next() {
                answer(value)
            }
        } catch {
            fail(RedisError("the Redis sends what no Redis does: \(error)"))
        }
    }

    override func didEnd(_ error: UVError?) {
        fail(
            RedisError(
                error.map { "no connection to the Redis: \($0)" } ?? "the Redis has closed the connection"))
    }

    override func didClose() { fail(RedisError("the connection to the Redis is closed")) }

    override func deadlinePassed() { fail(RedisError("the Redis does not answer")) }

    /// Sends commands together and returns their answers, errors too; throws `RedisError` when they do not come.
    func send(_ commands: [[[UInt8]]]) async throws -> [RESPValue] {
        guard isOpen else { throw RedisError("the connection to the Redis is closed") }
        guard batches.count < Self.bound else { throw RedisError("too many commands wait for the Redis") }
        guard !commands.isEmpty else { return [] }
        return try await withCheckedThrowingContinuation { continuation in
            for command in commands { output.write(command: command) }
            batches.append(Batch(commands.count, continuation))
            setDeadline(loop.now + patience, on: loop.wheel)
            guard !willFlush else { return }
            willFlush = true
            loop.flushAfterDrain(self)
        }
    }

    private func answer(_ value: RESPValue) {
        guard let batch = batches.first else {
            return fail(RedisError("the Redis answers what nobody has asked"))
        }
        batch.answers.append(value)
        if batch.answers.count == batch.count {
            batches.removeFirst()
            batch.continuation.resume(returning: batch.answers)
        }
        if batches.isEmpty { clearDeadline() } else { setDeadline(loop.now + patience, on: loop.wheel) }
    }

    private func fail(_ error: RedisError) {
        let left = batches
        batches = []
        for batch in left { batch.continuation.resume(throwing: error) }
        close()
    }
}

extension RedisConnection: Flushable {
    func flush() {
        willFlush = false
        guard isOpen, isConnected else { return }
        let bytes = output.take()
        guard !bytes.isEmpty else { return }
        do throws(UVError) { try write(bytes) } catch { didEnd(error) }
    }
}
