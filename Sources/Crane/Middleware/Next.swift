public import CraneHTTP

/// The rest of the chain, seen from one middleware: the middleware inside it, and the route in the end.
///
/// It throws nothing: whatever fails further in arrives here as a response, a 500 included. One reference.
public struct Next: Sendable {
    let link: Link

    public func callAsFunction(_ request: Request, _ context: Context) async -> Response {
        switch link.respond(request, context) {
        case .ready(let response): response
        case .pending(let work): await context.response(of: work)
        }
    }
}
