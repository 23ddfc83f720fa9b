public import CraneHTTP
import CraneLoop
import CraneSystem
public import Logging
import Synchronization

/// An HTTP/1.1 server: one event loop a worker, each with its own thread, its own listeners and its own connections.
///
/// ```swift
/// let server = Server(responder: app.build())
/// print(try server.start())
/// await server.waitUntilStopped()
/// ```
public final class Server: Sendable {
    let responder: any Responder
    let configuration: ServerConfiguration
    let logger: Logger
    private let load: ServerLoad
    let running = Mutex(Running())
    /// Every loop has ended.
    let stopped = OneTimeEvent()

    typealias SignalThread = (loop: EventLoop, thread: SystemThread)

    struct Running {
        var loops: [ServerLoop] = []
        var threads: [SystemThread] = []
        /// Where signals are handled: on none of the loops, of which each ends when it has nothing left.
        var signals: SignalThread?
        var isShuttingDown = false
    }

    /// A server that does nothing before `start()`.
    public init(
        responder: any Responder, configuration: ServerConfiguration = ServerConfiguration(),
        logger: Logger = Logger(label: "crane.server")
    ) {
        self.responder = responder
        self.configuration = configuration
        self.logger = logger
        load = ServerLoad(
            memory: configuration.maximumHeldBytes, workers: { EventLoop.blockingWorkCounts })
    }

    /// Binds every address and starts the loops; returns what was bound, with the ports that the system chose.
    func open() throws(ServerError) -> [BindAddress] {
        prepareProcess()
        let workers = max(1, configuration.workers)
        var loops: [ServerLoop] = []
        do {
            for index in 0..<workers {
                loops.append(
                    try ServerLoop(
                        index: index, responder: responder, configuration: configuration, logger: logger,
                        load: load))
            }
        } catch {
            throw ServerError(code: .cannotStart, description: "cannot make an event loop: \(error)")
        }
        var bound: [BindAddress] = []
        do {
            for address in configuration.addresses {
                bound += try Server.bind(address, to: loops)
            }
        } catch {
            // What has been bound already is let go.
            for loop in loops { loop.events.close() }
            throw error
        }
        try startThreads(of: loops)
        responder.lifespan?.startBackgroundWork(on: loops[0])
        return bound
    }

    /// Has the loops and the workers run; when a thread cannot be started, ends those that could.
    private func startThreads(of loops: [ServerLoop]) throws(ServerError) {
        var threads: [SystemThread] = []
        var signals: EventLoop?
        do {
            try Server.started("worker-0") { () throws(SystemError) in try loops[0].events.startWorkers() }
            signals = try handleSignals(index: loops.count)
            let ends = CountdownLatch(of: loops.count) { [stopped] in
                stopped.happen()
                MainQueue.wake()
            }
            for loop in loops {
                threads.append(
                    try Server.thread("loop-\(loop.index)") {
                        loop.run()
                        ends.countDown()
                    })
            }
            running.withLock { ($0.loops, $0.threads) = (loops, threads) }
            // Last: what a signal asks for goes to the others.
            if let signals {
                let thread = try Server.thread("signals") { signals.run() }
                running.withLock { $0.signals = (signals, thread) }
            }
        } catch {
            for loop in loops.prefix(threads.count) { loop.events.execute { loop.stopNow() } }
            for thread in threads { thread.join() }
            for loop in loops.dropFirst(threads.count) { loop.events.close() }
            signals?.close()
            throw error
        }
    }

    private static func thread(
        _ name: String, _ body: @escaping () -> Void
    ) throws(ServerError) -> SystemThread {
        try started(name) { () throws(SystemError) in try SystemThread(name, body) }
    }

    private static func started<Thread>(
        _ name: String, _ start: () throws(SystemError) -> Thread
    ) throws(ServerError) -> Thread {
        do {
            return try start()
        } catch {
            throw ServerError(code: .cannotStart, description: "cannot start the thread \(name): \(error)")
        }
    }

    /// Has `responder` answer every request that begins from now on, loop by loop; any thread.
    ///
    /// Requests that run are finished by the one that they began with. The requests of a loop pay nothing for it. What the first one's
    /// set-up has made and the work that it has started stay: the new one takes them over, and has none of its own.
    public func replaceResponder(_ responder: any Responder) {
        responder.lifespan?.takeOver(from: self.responder.lifespan)
        for loop in running.withLock({ $0.loops }) {
            loop.events.execute { loop.responder = responder }
        }
    }

    /// Calls `done` on some thread once every loop has come round after this call; one that is stuck holds it up.
    ///
    /// A loop that has ended does not.
    public func afterEveryLoop(_ done: @escaping @Sendable () -> Void) {
        let loops = running.withLock { $0.loops }
        let latch = CountdownLatch(of: loops.count, done)
        for loop in loops where !loop.events.execute({ latch.countDown() }) { latch.countDown() }
    }

    /// Open connections at this moment.
    public var connectionCount: Int { load.connections }

    /// Puts the clocks of all loops forward, for tests; returns when what ends by then has been told so.
    package func skip(_ duration: Duration) async {
        for events in running.withLock({ $0.loops.map(\.events) }) {
            await withCheckedContinuation { continuation in
                let isTaken = events.execute {
                    events.skip(duration)
                    continuation.resume()
                }
                if !isTaken { continuation.resume() }
            }
            // Deadlines are served behind the sockets, sleeps before them.
            await events.nextTurn()
        }
    }

    /// Whether every loop has ended and closed what was open on it, for the tests.
    package var hasClosedEverything: Bool {
        running.withLock { running in running.loops.allSatisfy { $0.events.closeResult == 0 } }
    }
}
