public import Crane
public import Tracing

/// Puts a span of swift-distributed-tracing around each request: as the caller's trace goes on, or as the first of a new one.
///
/// ```swift
/// InstrumentationSystem.bootstrap(tracer)
/// app.middleware = [RequestSpans()]
/// ```
/// The span is the current one while the handler runs, named by method and route, with the attributes of OpenTelemetry's conventions for HTTP
/// servers; a status from 500 on is an error. It ends when the response's head is known; a stream goes on behind it. The tracer reads the fields
/// that it knows, `traceparent` in most; where it writes such a one, `Context.trace` has it too, so that log lines name the span and `context.http`
/// passes it on: `Tracing` is not needed beside this. Requests take a task each.
public struct RequestSpans: Middleware {
    private let tracer: (any Tracer)?
    private let source: Callers

    /// - Parameters:
    ///   - tracer: the one that the process was bootstrapped with, unless another is given.
    ///   - source: whose traces are gone on with; strangers' only give a request a name that they have chosen.
    public init(_ tracer: (any Tracer)? = nil, from source: Callers = .everyone) {
        self.tracer = tracer
        self.source = source
    }

    public func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        let tracer = self.tracer ?? InstrumentationSystem.tracer
        var parent = InstrumentationContext.topLevel
        if source == .everyone || context.isFromTrustedProxy {
            tracer.extract(request, into: &parent, using: FieldExtractor())
        }
        let method = request.method.rawValue
        let name = context.route.map { "\(method) \($0)" } ?? method
        return await tracer.withAnySpan(name, context: parent, ofKind: .server) { span in
            adopt(span, of: tracer, in: context)
            let response = await next(request, context)
            describe(request, context, response, in: span)
            return response
        }
    }

    /// Has log lines and requests to other servers name the span, where the tracer writes W3C's fields.
    private func adopt(_ span: any Span, of tracer: any Tracer, in context: Context) {
        var fields: [String: String] = [:]
        tracer.inject(span.context, into: &fields, using: FieldInjector())
        guard let parent = fields["traceparent"],
            let trace = TraceContext(traceparent: parent, tracestate: fields["tracestate"])
        else { return }
        context.setTrace(trace)
    }

    /// https://opentelemetry.io/docs/specs/semconv/http/http-spans/
    private func describe(_ request: Request, _ context: Context, _ response: Response, in span: any Span) {
        guard span.isRecording else { return }
        let status = response.status.code
        span.updateAttributes { attributes in
            attributes["http.request.method"] = request.method.rawValue
            attributes["http.response.status_code"] = status
            attributes["url.path"] = request.path
            attributes["url.scheme"] = "\(context.scheme)"
            if let route = context.route { attributes["http.route"] = route }
            if let host = request.host { attributes["server.address"] = host }
            if let agent = request.headers[.userAgent] { attributes["user_agent.original"] = agent }
        }
        if status >= 500 { span.setStatus(SpanStatus(code: .error)) }
    }
}

/// Reads the fields of a request.
struct FieldExtractor: Extractor {
    func extract(key: String, from request: Request) -> String? {
        HTTPField.Name(key).flatMap { request.headers[$0] }
    }
}

/// Writes fields into a dictionary, by their names in lower case.
struct FieldInjector: Injector {
    func inject(_ value: String, forKey key: String, into fields: inout [String: String]) {
        fields[key.lowercased()] = value
    }
}
