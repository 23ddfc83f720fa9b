public import CraneHTTP

/// What stands between the server and the routes: it may answer itself, or ask `next` and change the response.
///
/// ```swift
/// struct PoweredBy: Middleware {
///     func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
///         var response = await next(request, context)
///         response.headers[.server] = "Crane"
///         return response
///     }
/// }
/// ```
/// Runs on the loop of the request's connection. The route is known already: see `Context.route`.
public protocol Middleware: Sendable {
    /// An error thrown here becomes a response before the middleware outside this one sees it.
    func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response

    /// The rest of a chain with this middleware before it; asked once, when the application is built.
    ///
    /// There for `SynchronousMiddleware`, which joins those beside it; nothing else need have its own.
    func chained(before next: Next) -> Next
}

extension Middleware {
    public func chained(before next: Next) -> Next { Next(link: MiddlewareLink(self, next: next)) }
}
