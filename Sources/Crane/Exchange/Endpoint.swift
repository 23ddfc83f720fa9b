public import CraneHTTP

/// Answers one request, and may wait.
///
/// Runs on the loop of the request's connection, in a task; an error that it throws becomes a response (see `ResponseError`).
public typealias Handler = @Sendable (Request, Context) async throws -> Response

/// Answers one request without waiting: on the loop of its connection, without a task.
public typealias SynchronousHandler = @Sendable (Request, Context) throws -> Response

/// What answers a request: at once, or by work that it gives back.
@usableFromInline
typealias EventualHandler = @Sendable (Request, Context) throws -> EventualResponse

/// What answers a request, as far as the exchange has to know it: the route's pattern and its handler.
///
/// A class, so that a request holds it by one reference.
final class Endpoint: Sendable {
    /// `nil` for what stands in when no route matches.
    let pattern: RoutePattern?
    let handler: EventualHandler
    /// What has to be prepared for the handler's inputs; `nil` for nothing.
    let preparation: (any Preparation)?
    /// The handlers of its routers' errors, the innermost first.
    let errorHandlers: [ErrorHandlers]
    /// The first of the cells that its requests are counted in, where the application has metrics.
    let number: Int
    /// Whether it answers whatever the method is.
    let takesAnyMethod: Bool

    init(
        pattern: RoutePattern?, number: Int = 0, takesAnyMethod: Bool = true,
        preparation: (any Preparation)? = nil, errorHandlers: [ErrorHandlers] = [],
        handler: @escaping EventualHandler
    ) {
        self.pattern = pattern
        self.number = number
        self.takesAnyMethod = takesAnyMethod
        self.preparation = preparation
        self.errorHandlers = errorHandlers
        self.handler = handler
    }
}

/// What is kept of a route for its inputs, which know its type: `InputPlan`.
protocol Preparation: AnyObject, Sendable {}
