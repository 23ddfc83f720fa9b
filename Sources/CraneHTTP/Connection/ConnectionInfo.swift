/// What all requests of one connection share: a value in each request, so that a connection that waits for one has none.
public struct ConnectionInfo: Sendable {
    /// Where the connection comes from.
    public package(set) var peer: PeerAddress
    /// The loop that runs the connection.
    public let loop: any LoopServices
    /// What the server holds and has refused.
    package let load: ServerLoad

    /// A connection of no server, whose clients may have anything held for them.
    ///
    /// - Parameters:
    ///   - peer: where it comes from.
    ///   - loop: the loop that runs it.
    public init(peer: PeerAddress, loop: any LoopServices) {
        self.init(peer: peer, loop: loop, load: ServerLoad())
    }

    package init(peer: PeerAddress, loop: any LoopServices, load: ServerLoad) {
        self.peer = peer
        self.loop = loop
        self.load = load
    }
}
