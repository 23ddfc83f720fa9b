/// What a WebSocket route allows and offers.
public struct WebSocketOptions: Sendable {
    /// The subprotocols that the route speaks: of those that the client names, the first that is here is chosen.
    public var subprotocols: [String] = []
    /// The pages that may connect beside the host's own, as browsers name them in `Origin` (`https://example.com`); `nil` or
    /// `*` for all.
    ///
    /// Browsers let any page open a WebSocket to any host and send its cookies along, so a route that trusts cookies lists
    /// its own. A client that sends no `Origin` is no browser and is let in.
    public var allowedOrigins: [String]?
    /// The longest message in bytes, inflated; a longer one closes the connection with 1009.
    public var maximumMessageSize = 16 << 20
    /// Whether messages are compressed when the client offers it (RFC 7692).
    public var compresses = true
    /// Messages to such a client that are shorter, in bytes, are sent as they are: to compress them costs more than it saves.
    public var shortestCompressed = 64
    /// Messages to such a client that are longer, in bytes, are sent as they are too: compressing holds the loop, a megabyte for
    /// about 15 ms.
    public var longestCompressed = 1 << 20
    /// How long nothing may come before the client is asked for a sign of life; `nil` for never asking.
    public var pingInterval: Duration? = .seconds(20)
    /// How long the client may take for that sign.
    public var pingTimeout: Duration = .seconds(20)
    /// How long the client may take to answer a close frame, and a handler to finish with its message before one is sent.
    public var closeTimeout: Duration = .seconds(5)
    /// How many bytes may wait for a client that reads too slowly before `post` drops it; 64 KiB at least.
    public var outputLimit = 1 << 20

    public init() {}

    /// Whether a page of `origin` may connect to `host`, as the two fields say.
    func allows(origin: String?, host: String?) -> Bool {
        guard let allowedOrigins, let origin else { return true }
        let listed = OriginList(allowedOrigins)
        if listed.hasAll || listed.contains(origin) { return true }
        return host.map { OriginList.isOrigin(origin, of: $0) } ?? false
    }
}

/// A route's options, which its connections share.
@usableFromInline
final class WebSocketRules: Sendable {
    let options: WebSocketOptions

    @usableFromInline
    init(_ options: WebSocketOptions) {
        self.options = options
    }
}
