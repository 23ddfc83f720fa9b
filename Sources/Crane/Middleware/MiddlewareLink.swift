import CraneHTTP

/// One place in the frozen chain; this class itself is the innermost of an application's, which calls the route's handler.
///
/// A class, so that passing from place to place copies no middleware. Nothing in it changes.
class Link: @unchecked Sendable {
    func respond(_ request: Request, _ context: Context) -> EventualResponse {
        do {
            return try context.endpoint.handler(request, context)
        } catch {
            return .ready(context.response(to: error))
        }
    }

    /// The chain with one more stage around it: it joins those that are outermost already.
    func wrapped<Outer: SynchronousMiddleware>(in stage: Outer) -> Link {
        SynchronousLink(TypedStage(stage, inner: nil), next: self)
    }

    /// The frozen chain of an application's middleware, the first outermost.
    static func chain(_ middleware: [any Middleware]) -> Link { chain(middleware, before: Link()) }

    /// The frozen chain of a route's middleware, the first outermost, around its handler.
    static func chain(_ middleware: [any Middleware], around handler: @escaping EventualHandler) -> Link {
        chain(middleware, before: HandlerLink(handler))
    }

    private static func chain(_ middleware: [any Middleware], before innermost: Link) -> Link {
        middleware.reversed().reduce(Next(link: innermost)) { next, outer in outer.chained(before: next) }
            .link
    }
}

/// The innermost link of a chain that is a route's own.
private final class HandlerLink: Link, @unchecked Sendable {
    private let handler: EventualHandler

    init(_ handler: @escaping EventualHandler) {
        self.handler = handler
    }

    override func respond(_ request: Request, _ context: Context) -> EventualResponse {
        do {
            return try handler(request, context)
        } catch {
            return .ready(context.response(to: error))
        }
    }
}

/// Synchronous middleware that stands side by side, passed in plain calls.
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

    override func respond(_ request: Request, _ context: Context) -> EventualResponse {
        if var answer = stage.enter(request, context) {
            stage.leave(request, context, &answer)
            return .ready(answer)
        }
        switch next.respond(request, context) {
        case .ready(var response):
            stage.leave(request, context, &response)
            return .ready(response)
        case .pending(let work):
            return .pending { [stage] in
                var response = await context.response(of: work)
                stage.leave(request, context, &response)
                return response
            }
        }
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
            return context.response(to: error)
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

    override func respond(_ request: Request, _ context: Context) -> EventualResponse {
        .pending { [middleware, next] in try await middleware.handle(request, context, next: next) }
    }
}
