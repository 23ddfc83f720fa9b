public import CraneHTTP

/// A middleware that never waits: it sees the request on its way in and the response on its way out.
///
/// Cheaper than one with a `handle` of its own: those that stand side by side are passed in one step of the task.
///
/// `leave` is called for every response, also for one that an outer neighbour gave before this one's turn to `enter`: so the
/// fields of CORS stand on the refusals of a host check outside it.
public protocol SynchronousMiddleware: Middleware {
    /// Sees a request that no neighbour outside has answered; a response, or an error, ends its way here.
    func enter(_ request: Request, _ context: Context) throws -> Response?
    /// Sees the response and may change it.
    func leave(_ request: Request, _ context: Context, _ response: inout Response)
}

extension SynchronousMiddleware {
    public func enter(_ request: Request, _ context: Context) throws -> Response? { nil }

    public func leave(_ request: Request, _ context: Context, _ response: inout Response) {}

    public func chained(before next: Next) -> Next { Next(link: next.link.wrapped(in: self)) }

    public func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        var response: Response
        do {
            if let early = try enter(request, context) {
                response = early
            } else {
                response = await next(request, context)
            }
        } catch {
            response = context.response(to: error)
        }
        leave(request, context, &response)
        return response
    }
}
