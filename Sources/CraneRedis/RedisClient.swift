import CraneLoop
import CraneRESP
import CraneSystem
import Synchronization

/// A client of a Redis, with one connection that is made when it is needed; any thread.
package final class RedisClient: Sendable {
    /// What belongs to the loop's thread.
    private final class State: @unchecked Sendable {
        var connection: RedisConnection?
        /// The connection that is being made.
        var attempt: Task<RedisConnection, any Error>?
    }

    private let url: RedisURL
    private let patience: Duration
    private let events: EventLoop
    private let thread: SystemThread
    private let state = State()
    private let isClosed = Atomic(false)

    /// Connects to nothing yet; throws when the system has no more threads or descriptors.
    package init(_ url: RedisURL, patience: Duration = .seconds(10)) throws {
        self.url = url
        self.patience = patience
        let events = try EventLoop(index: 1 << 22)
        self.events = events
        thread = try SystemThread("redis", signals: false) { events.run() }
    }

    deinit { close() }

    /// Ends the client; commands under way fail. Blocks the calling thread.
    package func close() {
        isClosed.store(true, ordering: .releasing)
        thread.end { events.stop() }
    }

    /// Sends commands together and returns their answers; throws `RedisError` when they do not come, and for the first that is an
    /// error.
    package func send(_ commands: [[[UInt8]]]) async throws -> [RESPValue] {
        let answers = try await answers(commands)
        for case .error(let text) in answers { throw RedisError("the Redis refuses: \(text)") }
        return answers
    }

    /// The same, with errors among the answers.
    package func answers(_ commands: [[[UInt8]]]) async throws -> [RESPValue] {
        // A task of a loop that has ended would never come back.
        guard !isClosed.load(ordering: .acquiring) else {
            throw RedisError("the client of the Redis is closed")
        }
        return try await Task(executorPreference: events.executor) { [self] in
            try await connected().send(commands)
        }.value
    }

    /// The same, for who cannot wait longer: what comes afterwards is nobody's.
    package func answers(_ commands: [[[UInt8]]], within patience: Duration) async throws -> [RESPValue] {
        guard !isClosed.load(ordering: .acquiring) else {
            throw RedisError("the client of the Redis is closed")
        }
        return try await withCheckedThrowingContinuation { continuation in
            let call = Call(continuation)
            let isTaken = events.execute { [self] in
                let timer = events.startTask { [events] in
                    if (try? await events.sleep(for: patience)) == nil { return }
                    call.end(.failure(RedisError("the Redis does not answer")))
                }
                events.startTask { [self] in
                    do {
                        call.end(.success(try await connected().send(commands)))
                    } catch {
                        call.end(.failure(error))
                    }
                    timer.cancel()
                }
            }
            if !isTaken { call.end(.failure(RedisError("the client of the Redis is closed"))) }
        }
    }

    /// Who waits for an answer for a while: told once. The loop's thread only, or who has made it.
    private final class Call: @unchecked Sendable {
        private var continuation: CheckedContinuation<[RESPValue], any Error>?

        init(_ continuation: CheckedContinuation<[RESPValue], any Error>) { self.continuation = continuation }

        func end(_ result: Result<[RESPValue], any Error>) { continuation.take()?.resume(with: result) }
    }

    private func connected() async throws -> RedisConnection {
        if let connection = state.connection, connection.isOpen { return connection }
        if let attempt = state.attempt { return try await attempt.value }
        let attempt = Task(executorPreference: events.executor) { [self] in
            defer { state.attempt = nil }
            let connection = try await connect()
            state.connection = connection
            return connection
        }
        state.attempt = attempt
        return try await attempt.value
    }

    private func connect() async throws -> RedisConnection {
        switch url.place {
        case .unix(let path):
            let connection = RedisConnection(loop: events, patience: patience)
            try connection.connect(toUnixPath: path)
            return try await greeted(connection)
        case .host(let host, let port):
            var failure: any Error = RedisError("\(host) has no address")
            // The system's resolver blocks.
            let addresses = try await events.blocking { try SocketAddress.resolve(host: host, port: port) }
            for address in addresses {
                do {
                    let connection = RedisConnection(loop: events, patience: patience)
                    try connection.connect(to: address)
                    return try await greeted(connection)
                } catch {
                    failure = error
                }
            }
            throw failure
        }
    }

    /// Says who it is and which database it wants.
    private func greeted(_ connection: RedisConnection) async throws -> RedisConnection {
        var commands: [[[UInt8]]] = []
        if let password = url.password {
            commands.append((["AUTH"] + [url.user, password].compactMap(\.self)).map { Array($0.utf8) })
        }
        commands.append(["SELECT", "\(url.database)"].map { Array($0.utf8) })
        for case .error(let text) in try await connection.send(commands) {
            connection.close()
            throw RedisError("the Redis refuses: \(text)")
        }
        return connection
    }
}
