/// What a responder does before a server listens, beside its requests, and after its end.
public protocol Lifespan: AnyObject, Sendable {
    /// Makes what the requests stand on: called before anything is listened on. What it throws stops the start, and by then
    /// whatever it had made is let go of.
    func setUp() async throws

    /// Starts the work beside the requests, on one of the server's loops: called once it listens. The work ends when the
    /// loop drains, and a graceful shutdown waits for that.
    func startBackgroundWork(on loop: any LoopServices)

    /// Lets go of what `setUp` has made: called when no request and no work runs any more. A second call does nothing.
    func cleanUp() async

    /// Takes what another one has made in the place of a set-up of its own: called on the lifespan of a responder that comes
    /// into the place of another while the server runs.
    ///
    /// - Parameter first: that of the responder with which the server started.
    func takeOver(from first: (any Lifespan)?)
}
