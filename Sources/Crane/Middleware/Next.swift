public import HTTPWire

/// The rest of the chain, seen from one middleware: the middleware inside it, and the route in the end.
///
/// It throws nothing: whatever fails further in arrives here as a response, a 500 included. One reference, nothing is
/// allocated for a request.
public struct Next: Sendable {
    let link: Link

    public func callAsFunction(_ request: Request, _ context: Context) async -> Response {
        do {
            if let middleware = link.middleware, let inner = link.next {
                return try await middleware.handle(request, context, next: Next(link: inner))
            }
            return try await context.answer(request)
        } catch {
            return context.response(to: error, for: request)
        }
    }
}

/// One place in the frozen chain; the innermost has no middleware and stands for the routes.
final class Link: Sendable {
    let middleware: (any Middleware)?
    let next: Link?

    init(middleware: (any Middleware)?, next: Link?) {
        self.middleware = middleware
        self.next = next
    }
}
