public import CraneHTTP

/// The rest of the chain, seen from one middleware: the middleware inside it, and the route in the end.
///
/// It throws nothing: whatever fails further in arrives here as a response, a 500 included. One reference; nothing is
/// allocated for a request.
public struct Next: Sendable {
    @usableFromInline
    let link: Link

    @inlinable
    public func callAsFunction(_ request: Request, _ context: Context) async -> Response {
        await link.respond(request, context)
    }
}
