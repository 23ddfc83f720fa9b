public import HTTPWire

/// One place in the frozen chain; this class itself is the innermost, which calls the route's handler.
///
/// A class, so that passing from place to place copies no middleware. Nothing in it changes.
@usableFromInline
class Link: @unchecked Sendable {
    @usableFromInline
    func respond(_ request: Request, _ context: Context) async -> Response {
        do {
            return try await context.matched.handler(request, context)
        } catch {
            return context.response(to: error, for: request)
        }
    }

    /// The chain with one more middleware around it.
    func wrapped<Outer: Middleware>(in middleware: Outer) -> Link {
        MiddlewareLink(middleware, next: Next(link: self))
    }
}

/// A middleware's place in the chain.
private final class MiddlewareLink<Outer: Middleware>: Link, @unchecked Sendable {
    private let middleware: Outer
    private let next: Next

    init(_ middleware: Outer, next: Next) {
        self.middleware = middleware
        self.next = next
    }

    override func respond(_ request: Request, _ context: Context) async -> Response {
        do {
            return try await middleware.handle(request, context, next: next)
        } catch {
            return context.response(to: error, for: request)
        }
    }
}
