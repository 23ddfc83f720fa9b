/// Where a connection comes from: an address and port, or a Unix socket.
public struct PeerAddress: Hashable, Sendable {
    /// The peer's address; `nil` for a Unix socket.
    public let ip: IPAddress?
    /// The peer's port; 0 for a Unix socket.
    public let port: UInt16

    public init(ip: IPAddress?, port: UInt16) {
        self.ip = ip
        self.port = port
    }

    /// What stands for the client where clients are counted; all Unix sockets are one.
    public var subscriber: IPAddress { ip?.subscriber ?? IPAddress(high: 0, low: 0) }

    public static let unixSocket = PeerAddress(ip: nil, port: 0)
}

/// What the loop that runs a request offers its handler.
public protocol LoopServices: AnyObject, Sendable {
    /// Which of the server's loops this is, counted from 0: the key of anything kept once a loop.
    var index: Int { get }

    /// Waits without holding the loop; throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws

    /// Runs blocking work on the bounded worker pool; throws `WorkersBusy` when its queue is full.
    func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value

    /// Starts work that outlives the request, on this loop; a graceful shutdown waits for it.
    func spawn(_ work: @escaping @Sendable () async -> Void)

    /// Whether the graceful shutdown has begun: what has no end of its own should end. Any thread; costs a load.
    var isDraining: Bool { get }

    /// Returns when the graceful shutdown begins, at once when it has; throws `CancellationError` when the task is cancelled.
    func untilDraining() async throws
}

/// The worker pool's queue is full: the service answers 503 and asks the client to come back.
public struct WorkersBusy: Error {
    public init() {}
}

/// What all requests of one connection share: a value in each request, so that a connection that waits for one has none.
public struct ConnectionInfo: Sendable {
    public package(set) var peer: PeerAddress
    /// The loop that runs the connection.
    public let loop: any LoopServices
    /// What the server holds and has refused.
    package let load: ServerLoad

    /// A connection of no server, whose clients may have anything held for them.
    public init(peer: PeerAddress, loop: any LoopServices) {
        self.init(peer: peer, loop: loop, load: ServerLoad())
    }

    package init(peer: PeerAddress, loop: any LoopServices, load: ServerLoad) {
        self.peer = peer
        self.loop = loop
        self.load = load
    }
}
