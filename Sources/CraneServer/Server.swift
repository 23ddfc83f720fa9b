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
    private let responder: any Responder
    private let configuration: ServerConfiguration
    let logger: Logger
    private let load: ServerLoad
    private let running = Mutex(Running())
    /// Every loop has ended.
    private let stopped = OneTimeEvent()

    private struct Running {
        var loops: [ServerLoop] = []
        var threads: [SystemThread] = []
        /// Where signals are handled: on none of the loops, of which each ends when it has nothing left.
        var signals: (loop: EventLoop, thread: SystemThread)?
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
        load = ServerLoad(memory: configuration.maximumHeldBytes)
    }

    /// Binds every address and starts the loops; returns what was bound, with the ports that the system chose.
    @discardableResult
    public func start() throws(ServerError) -> [BindAddress] {
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

    /// Begins the graceful shutdown, from any thread: no new connections, what runs is finished, then the loops end. A
    /// second call ends at once.
    ///
    /// - Parameter restarts: whether the server comes back at once: WebSockets are closed with 1012 rather than 1001, and
    ///   their clients may connect again without a pause.
    public func shutdown(restarts: Bool = false) {
        let (loops, isSecond) = running.withLock { running in
            defer { running.isShuttingDown = true }
            return (running.loops, running.isShuttingDown)
        }
        if !isSecond { configuration.onShutdown?() }
        for loop in loops {
            loop.events.execute { if isSecond { loop.stopNow() } else { loop.drain(restarts: restarts) } }
        }
    }

    /// Has `responder` answer every request that begins from now on, loop by loop; any thread.
    ///
    /// Requests that run are finished by the one that they began with. The requests of a loop pay nothing for it.
    public func replaceResponder(_ responder: any Responder) {
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

    /// Blocks the calling thread until every loop has ended, and lets signals have their ordinary effect again.
    ///
    /// On the main thread the main actor goes on running meanwhile, and so does `DispatchQueue.main`.
    /// - Parameter finish: what is left to do before they have it, on the calling thread.
    public func blockUntilStopped(_ finish: () -> Void = {}) {
        if running.withLock({ !$0.loops.isEmpty }) { MainQueue.serve { stopped.hasHappened } }
        join(finish)
    }

    /// Waits until every loop has ended, and lets signals have their ordinary effect again; a task that is cancelled begins the
    /// graceful shutdown and waits for its end.
    public func waitUntilStopped() async {
        if running.withLock({ !$0.loops.isEmpty }) {
            await withTaskCancellationHandler {
                await stopped.waitRegardless()
            } onCancel: {
                shutdown()
            }
        }
        // The threads have nothing left to do.
        join {}
    }

    private func join(_ finish: () -> Void) {
        let (threads, signals) = running.withLock { running in
            defer { (running.threads, running.signals) = ([], nil) }
            return (running.threads, running.signals)
        }
        for thread in threads { thread.join() }
        finish()
        signals?.loop.stop()
        signals?.thread.join()
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

    /// Handles signals on a loop of their own: one that serves ends when it has nothing left, and others may have.
    private func handleSignals(index: Int) throws(ServerError) -> EventLoop? {
        var actions: [(number: Int32, action: @Sendable () -> Void)] = []
        if configuration.handlesSignals {
            // Holds the server until every loop has ended.
            actions = [SIGTERM, SIGINT, SIGUSR2].map { number in
                (number, { @Sendable [self] in shutdown(restarts: number == SIGUSR2) })
            }
        }
        if let onHangup = configuration.onHangup { actions.append((SIGHUP, onHangup)) }
        if let onLogRotation = configuration.onLogRotation { actions.append((SIGUSR1, onLogRotation)) }
        if actions.isEmpty { return nil }
        // Whoever started the process may have left signals blocked (sigprocmask(2)); threads begun from here on inherit this.
        var handled = sigset_t()
        unsafe sigemptyset(&handled)
        for (number, _) in actions { unsafe sigaddset(&handled, number) }
        unsafe pthread_sigmask(SIG_UNBLOCK, &handled, nil)
        do {
            let loop = try EventLoop(index: index)
            for (number, action) in actions { _ = try SignalSource(number, loop: loop, action) }
            return loop
        } catch {
            throw ServerError(code: .cannotStart, description: "cannot handle signals: \(error)")
        }
    }

    /// A write to a closed socket must be an error, not the end (signal(7)); and as many descriptors as are allowed.
    private func prepareProcess() {
        _ = signal(SIGPIPE, SIG_IGN)
        var limit = rlimit()
        let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(openFiles, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(openFiles, &limit)
    }
}

extension BindAddress {
    /// Where a socket that somebody else has bound listens.
    fileprivate init?(of socket: borrowing ListeningSocket) {
        guard let address = socket.address else { return nil }
        if let port = address.port, let ip = PeerAddress(address).ip {
            self = .host(ip.description, port: port)
        } else if let path = address.unixPath {
            self = .unix(path)
        } else {
            return nil
        }
    }
}

extension Server {
    /// Gives every loop a listener on `address`.
    private static func bind(_ address: BindAddress, to loops: [ServerLoop]) throws(ServerError)
        -> [BindAddress]
    {
        do {
            switch address {
            case .host(let host, let port):
                return try bind(host: host, port: port, to: loops)
            case .unix(let path, let mode):
                try share(ListeningSocket.bind(unixPath: path, mode: UInt32(mode)), among: loops)
                return [address]
            case .descriptor(let descriptor):
                let socket = try ListeningSocket.inherit(descriptor)
                let name = BindAddress(of: socket) ?? address
                try share(socket, among: loops)
                return [name]
            }
        } catch let error as UVError {
            let code: ServerError.Code = error == .addressInUse ? .addressInUse : .cannotBind
            throw ServerError(code: code, description: "cannot listen on \(address): \(error)")
        } catch {
            throw ServerError(code: .cannotBind, description: "cannot listen on \(address): \(error)")
        }
    }

    private static func bind(host: String, port: Int, to loops: [ServerLoop]) throws -> [BindAddress] {
        let addresses = try SocketAddress.resolve(host: host, port: port)
        return [.host(host, port: try bind(addresses, port: port, to: loops))]
    }

    /// Gives every loop a listener on each of a name's addresses, all with one port, which is returned.
    ///
    /// A name may have addresses that this machine has not, such as `::1` where IPv6 is off: those are passed over, unless there
    /// is no other.
    static func bind(_ addresses: [SocketAddress], port: Int, to loops: [ServerLoop]) throws(UVError) -> Int {
        var port = port
        var (isBound, missing) = (false, UVError.invalid)
        for address in addresses {
            do {
                port = try bind(address.withPort(port), to: loops)
                isBound = true
            } catch  where error == .addressNotAvailable || error == .familyNotSupported {
                missing = error
            }
        }
        guard isBound else { throw missing }
        return port
    }

    private static func bind(_ address: SocketAddress, to loops: [ServerLoop]) throws(UVError) -> Int {
        var address = address
        var port = address.port ?? 0
        if loops.count > 1, port != 0 {
            // With SO_REUSEPORT a second server would share the port in silence: ask without it first.
            _ = try ListeningSocket.bind(address, sharesPort: false)
        }
        for loop in loops {
            let socket = try ListeningSocket.bind(address, sharesPort: loops.count > 1)
            port = socket.address?.port ?? port
            address = address.withPort(port)
            try loop.listen(on: socket)
        }
        return port
    }

    /// One socket, a descriptor for each loop.
    private static func share(_ socket: consuming ListeningSocket, among loops: [ServerLoop]) throws {
        for loop in loops.dropFirst() { try loop.listen(on: socket.duplicate()) }
        try loops[0].listen(on: socket)
    }
}
