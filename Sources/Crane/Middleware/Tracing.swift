public import CraneHTTP
import HTTPTypes

/// Gives each request its place in a distributed trace: the caller's trace goes on, or a new one begins (W3C Trace Context).
///
/// `Context.trace` has it, `Context.logger` names it as `trace_id` and `span_id`, and the client of other servers, `context.http`, passes it
/// on. What is no valid `traceparent` counts as none.
public struct Tracing: SynchronousMiddleware {
    private let source: Callers

    /// - Parameter source: whose traces are gone on with; strangers' only give a request a name that they have chosen.
    public init(from source: Callers = .everyone) {
        self.source = source
    }

    public func enter(_ request: Request, _ context: Context) -> Response? {
        context.setTrace(caller(request, context)?.child() ?? TraceContext())
        return nil
    }

    private func caller(_ request: Request, _ context: Context) -> TraceContext? {
        guard source == .everyone || context.isFromTrustedProxy,
            let parent = request.headers[.traceparent]
        else { return nil }
        return TraceContext(traceparent: parent, tracestate: request.headers[.tracestate])
    }
}
