import CraneHTTP

/// The middleware that counts requests, outside all others.
///
/// A request is over when its response's head is known; a stream goes on behind it.
struct RequestMeter: SynchronousMiddleware {
    let counters: RequestCounters

    func enter(_ request: Request, _ context: Context) -> Response? {
        context.begin()
        counters.begin(on: request.connection.loop.index)
        return nil
    }

    func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        counters.end(
            context.cell, response.status.code, context.duration, on: request.connection.loop.index)
    }
}
