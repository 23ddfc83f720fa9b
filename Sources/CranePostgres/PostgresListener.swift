import CPostgres
import CraneLoop
import CraneSchema
import Logging

/// What comes from channels that somebody listens to.
public enum PostgresNotification: Sendable, Hashable {
    /// The channels are listened to from now on: what was notified before has not been heard, and is found in tables.
    case listening
    /// Somebody has notified a channel (`NOTIFY channel, 'payload'`).
    case notified(channel: String, payload: String)
}

extension PostgresClient {
    /// Listens to channels, by a connection of its own, as long as the sequence is iterated.
    ///
    /// A connection that ends is opened again; `.listening` comes then once more. Who is too slow for 1,024 notifications loses
    /// the oldest ones: they wake somebody who looks at a table, and are no queue.
    /// - Parameter channels: the names of the channels.
    public func notifications(on channels: String...) -> AsyncStream<PostgresNotification> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1024)) { continuation in
            guard let loop = try? EventLoop.current ?? EventLoop.shared() else {
                return continuation.finish()
            }
            let listener = PostgresListener(loop, configuration, channels, tally, logger, continuation)
            continuation.onTermination = { _ in loop.execute { listener.close() } }
            if !loop.execute({ listener.open() }) { continuation.finish() }
        }
    }
}

extension PostgresClient {
    /// Whether a notification comes through: listens to a channel of its own, and notifies it by another connection.
    ///
    /// Behind a pooler that lends its connections for a transaction none does, and nobody says so: who waits for notifications looks at
    /// the tables now and then as well, and may tell the operator.
    /// - Parameter patience: how long is waited for a connection and for the notification.
    /// - Returns: `nil` where no connection could be had in that time.
    public func hearsNotifications(within patience: Duration = .seconds(2)) async -> Bool? {
        let channel = "crane_probe_\(UniqueID())"
        let hearing = Task { () -> Bool? in
            var hears: Bool?
            for await notification in notifications(on: channel) {
                switch notification {
                case .listening:
                    hears = false
                    _ = try? await query("NOTIFY \"\(raw: channel)\"")
                case .notified: return true
                }
            }
            return hears
        }
        let timer = Task {
            try await Task.sleep(for: patience)
            hearing.cancel()
        }
        defer { timer.cancel() }
        return await hearing.value
    }
}

/// A connection that listens, without a pipeline. Loop's thread only.
@safe
final class PostgresListener: LoopResident, @unchecked Sendable {
    private let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let statements: String
    private let counters: AtomicPostgresCounters
    private let logger: Logger
    private let continuation: AsyncStream<PostgresNotification>.Continuation
    private var session: PostgresSession?
    private var watch: DescriptorWatch?
    private var timer: LoopTimer?
    private var failures = 0
    private var isOpen = false

    init(
        _ loop: EventLoop, _ configuration: PostgresConfiguration, _ channels: [String],
        _ counters: AtomicPostgresCounters, _ logger: Logger,
        _ continuation: AsyncStream<PostgresNotification>.Continuation
    ) {
        self.loop = loop
        self.configuration = configuration
        self.counters = counters
        self.logger = logger
        self.continuation = continuation
        statements = channels.map { channel in
            let name = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(
                separator: "\"\"")
            return "LISTEN \"\(name)\""
        }.joined(separator: "; ")
    }

    func open() {
        guard loop.admit(self) else { return continuation.finish() }
        isOpen = true
        connect()
    }

    private func connect() {
        loop.startTask { [self, loop, configuration, statements] in
            do {
                let session = try await loop.blocking {
                    let session = try PostgresSession.connect(configuration)
                    try session.perform(statements)
                    return session
                }
                listen(session)
            } catch {
                again(error)
            }
        }
    }

    private func listen(_ session: PostgresSession) {
        guard isOpen else { return }
        do {
            let watch = try DescriptorWatch(unsafe crane_PQsocket(session.handle), loop: loop) {
                [unowned self] _ in
                read()
            }
            self.watch = watch
            self.session = session
            watch.want(.readable)
        } catch {
            return again(error)
        }
        failures = 0
        counters.opened()
        continuation.yield(.listening)
        // What came with the answer to LISTEN is in libpq's memory already.
        read()
    }

    private func read() {
        guard let session else { return }
        let isGood = unsafe crane_PQconsumeInput(session.handle) == 1
        while let notification = unsafe crane_PQnotifies(session.handle) {
            // The texts are the notification's, and end in 0.
            let (channel, payload) = unsafe (
                String(cString: notification.pointee.relname), String(cString: notification.pointee.extra)
            )
            unsafe crane_PQfreemem(notification)
            continuation.yield(.notified(channel: channel, payload: payload))
        }
        let isConnected = unsafe crane_PQstatus(session.handle) == CONNECTION_OK
        if isGood, isConnected { return }
        let error = PostgresError(.unavailable, message: session.message)
        disconnect()
        counters.lost()
        again(error)
    }

    private func again(_ error: any Error) {
        guard isOpen else { return }
        if failures == 0 {
            logger.warning("no notifications are heard for a while", metadata: ["error": "\(error)"])
        }
        let timer = LoopTimer(loop: loop) { [unowned self] in
            self.timer?.close()
            self.timer = nil
            connect()
        }
        self.timer = timer
        timer.set(milliseconds: PostgresPlace.delay(after: failures))
        failures += 1
    }

    private func disconnect() {
        watch?.close()
        watch = nil
        session = nil
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        if session != nil { counters.closed() }
        disconnect()
        timer?.close()
        timer = nil
        continuation.finish()
        loop.dismiss(self)
    }

    func loopEnds() { close() }
}
