public import CraneHTTP

/// One place in the frozen chain; this class itself is the innermost of an application's, which calls the route's handler.
///
/// A class, so that passing from place to place copies no middleware. Nothing in it changes.
@usableFromInline
class Link: @unchecked Sendable {
    @usableFromInline
    func respond(_ request: Request, _ context: Context) async -> Response {
        do {
            return try await context.endpoint.handler(request, context)
        } catch {
            return context.response(to: error, for: request)
        }
    }

    /// The chain with one more stage around it: it joins those that are outermost already.
    func wrapped<Outer: SynchronousMiddleware>(in stage: Outer) -> Link {
        SynchronousLink(TypedStage(stage, inner: nil), next: self)
    }

    /// The frozen chain of an application's middleware, the first outermost.
    static func chain(_ middleware: [any Middleware]) -> Link { chain(middleware, before: Link()) }

    /// The frozen chain of a route's middleware, the first outermost, around its handler.
    static func chain(_ middleware: [any Middleware], around handler: @escaping Handler) -> Link {
        chain(middleware, before: HandlerLink(handler))
    }

    private static func chain(_ middleware: [any Middleware], before innermost: Link) -> Link {
        middleware.reversed().reduce(Next(link: innermost)) { next, outer in outer.chained(before: next) }
            .link
    }
}

/// The innermost link of a chain that is a route's own.
private final class HandlerLink: Link, @unchecked Sendable {
    private let handler: Handler

    init(_ handler: @escaping Handler) {
        self.handler = handler
    }

    override func respond(_ request: Request, _ context: Context) async -> Response {
        do {
            return try await handler(request, context)
        } catch {
            return context.response(to: error, for: request)
        }
    }
}

/// Synchronous middleware that stands side by side, passed without a step of the task each.
private final class SynchronousLink: Link, @unchecked Sendable {
    private let stage: Stage
    private let next: Link

    init(_ stage: Stage, next: Link) {
        self.stage = stage
        self.next = next
    }

    override func wrapped<Outer: SynchronousMiddleware>(in outer: Outer) -> Link {
        SynchronousLink(TypedStage(outer, inner: stage), next: next)
    }

    override func respond(_ request: Request, _ context: Context) async -> Response {
        if var response = stage.enter(request, context) {
            stage.leave(request, context, &response)
            return response
        }
        var response = await next.respond(request, context)
        stage.leave(request, context, &response)
        return response
    }
}

/// A stage and those inside it. A class, so that passing through copies nothing.
private class Stage: @unchecked Sendable {
    func enter(_ request: Request, _ context: Context) -> Response? { nil }
    func leave(_ request: Request, _ context: Context, _ response: inout Response) {}
}

private final class TypedStage<Middleware: SynchronousMiddleware>: Stage, @unchecked Sendable {
    private let middleware: Middleware
    private let inner: Stage?

    init(_ middleware: Middleware, inner: Stage?) {
        self.middleware = middleware
        self.inner = inner
    }

    override func enter(_ request: Request, _ context: Context) -> Response? {
        do {
            if let response = try middleware.enter(request, context) { return response }
        } catch {
            return context.response(to: error, for: request)
        }
        return inner?.enter(request, context)
    }

    override func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        inner?.leave(request, context, &response)
        middleware.leave(request, context, &response)
    }
}

/// A middleware's place in the chain.
final class MiddlewareLink<Outer: Middleware>: Link, @unchecked Sendable {
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
