/// What an ``HTTPClient`` may do, and how long.
///
/// The numbers of connections and requests are for each of a server's loops.
public struct HTTPClientConfiguration: Sendable {
    /// Until a connection is there, its TLS handshake included.
    public var connectTimeout: Duration = .seconds(5)
    /// From the call to the last byte of the response, all waiting included.
    public var timeout: Duration = .seconds(30)
    /// The most bytes of a response's body, once it is decompressed.
    public var maximumResponseSize = 1 << 20
    /// How many redirects are followed; with 0 the redirect itself is the response.
    ///
    /// Never one to another scheme than HTTP, or from HTTPS to plain HTTP. `Authorization` and `Cookie` stay with the host that they
    /// were meant for; other fields go along.
    public var maximumRedirects = 0
    /// Connections to one host at once; further requests wait for one.
    public var maximumConnectionsPerHost = 16
    /// Connections at once, in all.
    public var maximumConnections = 64
    /// Requests that run or wait; beyond them ``HTTPClientError/Code/tooManyRequests``.
    public var maximumRequests = 1024
    /// The addresses that may be connected to.
    public var addresses: AllowedAddresses = .publicOnly
    /// The proxy that all requests go through, `http://proxy.example:3128`; none without it, whatever the environment says.
    ///
    /// It connects to any address that it can reach: neither its own nor those are held to `addresses`.
    public var proxy: String?
    /// A file of certificates in PEM that are trusted instead of the system's; certificates are always verified.
    public var certificateAuthorities: String?
    /// The value of `User-Agent`, unless a request has its own.
    public var userAgent = "Crane"

    /// The usual configuration.
    public init() {}
}
