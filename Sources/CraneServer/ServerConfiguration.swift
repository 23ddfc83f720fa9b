public import CraneHTTP

/// Where a server listens.
public enum BindAddress: Hashable, Sendable, CustomStringConvertible {
    /// A host name or address and a port; port 0 lets the system choose.
    case host(String, port: Int)
    /// The path of a Unix socket, and its file's mode: who may connect, by the bits for writing (unix(7)).
    ///
    /// A file that a server has left behind is replaced; the server removes its own when it stops listening.
    case unix(String, mode: UInt16 = 0o660)
    /// A descriptor that is bound already, as systemd's socket activation passes it.
    case descriptor(Int32)

    public var description: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path, _): "unix:\(path)"
        case .descriptor(let number): "descriptor \(number)"
        }
    }
}

/// Everything a server can be told; the defaults suit a service behind a proxy or on its own.
public struct ServerConfiguration: Sendable {
    /// The longest request body by default: 16 MiB.
    public static var usualBodySize: UInt64 { 16 << 20 }

    /// Where to listen; all of them, or the start fails.
    public var addresses: [BindAddress] = [.host("127.0.0.1", port: 8000)]
    /// Event loops, each with its own thread and listener.
    public var workers = 1
    /// Limits on a request's head.
    public var limits = WireLimits()
    /// The longest request body in bytes; past it the reader of the body gets `RequestBodyError.tooLarge`.
    public var maximumBodySize = usualBodySize
    /// Connections at once over all loops; further ones are answered 503.
    public var maximumConnections = 32_768
    /// Connections at once of one client over all loops: an IPv4 address, or a /64 of IPv6; further ones are answered 503.
    ///
    /// A whole room may be behind one address.
    public var maximumConnectionsPerAddress = 4096
    /// Whose connections are not counted by address: proxies bring everybody's. Unix sockets never are.
    public var hasManyConnections: @Sendable (IPAddress) -> Bool = { $0.isLoopback }
    /// Bytes that may be held for all clients together: bodies being collected, input and output that wait, WebSocket messages.
    ///
    /// Beyond, requests are answered 503, and connections closed whose response is under way; 4 KiB of each are not counted.
    public var maximumHeldBytes = 256 << 20
    /// From the first byte of a head (or the opening of the connection) to its end.
    public var headTimeout: Duration = .seconds(10)
    /// How long a connection may wait for its next request.
    public var idleTimeout: Duration = .seconds(75)
    /// Bytes a second that a request's body must bring, counted over a term at a time while a handler waits for it.
    public var minimumBodyRate = 256
    package var bodyRateTerm: Duration = .seconds(5)
    /// How long a client may take nothing of a response that is waiting for it.
    public var writeTimeout: Duration = .seconds(30)
    /// Bytes a second that a client must take of a response that waits for it, counted over such a term.
    public var minimumResponseRate = 1024
    /// How long the handler of a client that has closed its sending side may go on without writing, before it is cancelled.
    ///
    /// A client that has sent all that it had to say and one that has gone look alike until something is written.
    public var halfCloseGrace: Duration = .seconds(30)
    /// How long a WebSocket's handler may go on after its connection has ended, before it is cancelled.
    package var closedGrace: Duration = .seconds(1)
    /// How long a client that has got its last response and goes on sending is listened to, lest a reset take the response away
    /// before it is read (RFC 9112, section 9.6): so long without a byte, so long in all, and so many bytes.
    package var lingerSilence: Duration = .seconds(5)
    package var lingerTime: Duration = .seconds(30)
    package var lingerBytes = 256 << 20
    /// How long a graceful shutdown may take.
    public var shutdownDeadline: Duration = .seconds(10)
    /// How long a handler may block its loop, without a wait, before the responder is told, to the system's tick.
    public var blockedLoopThreshold: Duration = .milliseconds(40)
    /// How long one turn of a loop may serve what is ready before it looks at its sockets again, beside what a single handler
    /// takes; a connection has such a share too.
    package var turnShare: Duration = .milliseconds(5)
    /// Whether SIGTERM and SIGINT begin the graceful shutdown, and SIGUSR2 one before a restart (a second one ends it at once).
    public var handlesSignals = true
    /// Called once, from any thread, when a graceful shutdown begins.
    public var onShutdown: (@Sendable () -> Void)?
    /// Called on the signals' thread at SIGHUP, so must not block; without it the signal has its ordinary effect.
    public var onHangup: (@Sendable () -> Void)?
    /// Called on the signals' thread at SIGUSR1, by which log rotation asks for log files to be opened anew, so must not block;
    /// without it the signal has its ordinary effect.
    public var onLogRotation: (@Sendable () -> Void)?

    /// The defaults.
    public init() {}
}
