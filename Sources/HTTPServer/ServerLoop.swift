import HTTPWire
import Logging
import Synchronization
import UVLoop

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One of the server's loops: its connections, and what they use again and again. Loop's thread only, unless said otherwise.
final class ServerLoop: @unchecked Sendable {
    let events: EventLoop
    let responder: any Responder
    let configuration: ServerConfiguration
    let logger: Logger
    let load: ServerLoad
    let date = HTTPDate()

    private var listeners: [StreamListener] = []
    private var connections: [HTTPConnection] = []
    private var spareRequests: [Request] = []
    private var spareOutputs: [OutputBuffer] = []
    /// Tasks that outlive their request.
    private var background = 0
    private(set) var isDraining = false
    private var isStopped = false
    private var drainDeadline: UInt64 = .max

    /// Requests and buffers kept for later at most.
    private static let spareBound = 256

    init(
        index: Int, responder: any Responder, configuration: ServerConfiguration, logger: Logger, load: ServerLoad
    ) throws(UVError) {
        events = try EventLoop(index: index)
        self.responder = responder
        self.configuration = configuration
        self.logger = logger
        self.load = load
    }

    func listen(on socket: consuming ListeningSocket) throws(UVError) {
        let listener = try StreamListener(on: socket, loop: events) { [unowned self] in HTTPConnection(server: self) }
        listeners.append(listener)
    }

    // MARK: Connections

    func add(_ connection: HTTPConnection) {
        connection.position = connections.count
        connections.append(connection)
    }

    func remove(_ connection: HTTPConnection) {
        let position = connection.position
        guard position >= 0 else { return }
        connection.position = -1
        let last = connections.removeLast()
        if last !== connection {
            connections[position] = last
            last.position = position
        }
        load.connections.subtract(1, ordering: .relaxed)
        stopWhenDone()
    }

    // MARK: What is used again

    /// A request for the next head.
    func takeRequest(for connection: ConnectionInfo) -> Request {
        guard let request = spareRequests.popLast() else { return Request(connection: connection) }
        request.reset(connection: connection)
        return request
    }

    /// Keeps a request for later unless somebody else holds it; the caller drops its own reference next.
    func recycle(_ request: inout Request) {
        guard isKnownUniquelyReferenced(&request) else { return }
        if spareRequests.count < ServerLoop.spareBound, request.capacity <= 64 << 10 { spareRequests.append(request) }
    }

    func takeOutput() -> OutputBuffer { spareOutputs.popLast() ?? OutputBuffer() }

    func recycle(_ output: OutputBuffer) {
        output.removeAll()
        if spareOutputs.count < ServerLoop.spareBound, output.allocated <= 64 << 10 { spareOutputs.append(output) }
    }

    /// Brings the `date` field up to date: time(2) without a system call, and a comparison.
    func refreshDate() {
        date.refresh(unixTime: Int64(time(nil)))
    }

    // MARK: Shutdown

    /// Begins the graceful shutdown: what runs is finished, what idles is closed.
    func drain() {
        guard !isDraining else { return }
        isDraining = true
        drainDeadline = events.now + configuration.shutdownDeadline.milliseconds
        // Two turns later, so that requests and connections which have reached the kernel already are seen first.
        events.execute { [self] in
            events.execute { [self] in
                for listener in listeners { listener.close() }
                listeners = []
                for connection in connections { connection.drain() }
                stopWhenDone()
            }
        }
        let deadline = configuration.shutdownDeadline
        events.startTask { [self] in
            try? await events.sleep(for: deadline)
            guard !isStopped else { return }
            logger.warning(
                "shutdown deadline passed",
                metadata: ["connections": "\(connections.count)", "background": "\(background)"])
            stopNow()
        }
    }

    /// Ends everything at once.
    func stopNow() {
        guard !isStopped else { return }
        isDraining = true
        isStopped = true
        for listener in listeners { listener.close() }
        listeners = []
        for connection in connections { connection.abort() }
        events.stop()
    }

    private func stopWhenDone() {
        guard isDraining, !isStopped, listeners.isEmpty, connections.isEmpty, background == 0 else { return }
        isStopped = true
        events.stop()
    }
}

extension ServerLoop: LoopServices {
    var index: Int { events.index }

    func sleep(for duration: Duration) async throws {
        try await events.sleep(for: duration)
    }

    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await events.blocking(work)
        } catch is WorkerPoolFull {
            throw WorkersBusy()
        }
    }

    func spawn(_ work: @escaping @Sendable () async -> Void) {
        guard events.isCurrent else {
            events.execute { self.spawn(work) }
            return
        }
        background += 1
        events.startTask { [self] in
            await work()
            // Work that left the loop comes back here to be counted.
            if events.isCurrent { finishBackground() } else { events.execute { self.finishBackground() } }
        }
    }

    private func finishBackground() {
        background -= 1
        stopWhenDone()
    }
}
