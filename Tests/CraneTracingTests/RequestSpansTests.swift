import Crane
import CraneTesting
import CraneTracing
import InMemoryTracing
import Testing
import Tracing

@Suite("Spans of requests")
struct RequestSpansTests {
    private let tracer = InMemoryTracer()

    private func client(_ spans: RequestSpans) -> TestClient {
        var app = App()
        app.middleware = [spans]
        app.get("/notes/{id}", Path("id", Int.self)) { [tracer] id in
            tracer.withSpan("reading") { _ in "\(id)" }
        }
        app.get("/broken", ContextInput()) { context in
            try await context.sleep(for: .microseconds(1))
            throw HTTPError(.badGateway)
        }
        // A stranger, whom nobody trusts.
        let stranger = PeerAddress(ip: IPAddress("192.0.2.7"), port: 4711)
        return TestClient(InMemoryTransport(app.build(), peer: stranger))
    }

    @Test("have the handler's spans in them, and say what was asked and answered")
    func attributes() async throws {
        _ = try await client(RequestSpans(tracer)).get("/notes/7", headers: [.userAgent: "test"])
        let spans = tracer.finishedSpans
        try #require(spans.map(\.operationName) == ["reading", "GET /notes/{id}"])
        #expect(spans[0].traceID == spans[1].traceID && spans[0].parentSpanID == spans[1].spanID)
        #expect(spans[1].kind == .server && spans[1].parentSpanID == nil && spans[1].status == nil)
        let attributes = spans[1].attributes
        #expect(attributes.get("http.request.method") == .string("GET"))
        #expect(attributes.get("http.route") == .string("/notes/{id}"))
        #expect(attributes.get("http.response.status_code") == .int64(200))
        #expect(attributes.get("url.path") == .string("/notes/7"))
        #expect(attributes.get("server.address") == .string("testserver"))
        #expect(attributes.get("user_agent.original") == .string("test"))
    }

    @Test("are errors where the server is at fault, and named by their method where there is no route")
    func failures() async throws {
        let client = client(RequestSpans(tracer))
        _ = try await client.get("/broken")
        _ = try await client.get("/nothing")
        #expect(tracer.finishedSpans.map(\.status) == [SpanStatus(code: .error), nil])
        #expect(tracer.finishedSpans.map(\.operationName) == ["GET /broken", "GET"])
    }

    @Test("go on with the trace of a caller who is believed")
    func parents() async throws {
        let fields: HTTPFields = [
            HTTPField.Name(InMemoryTracer.traceIDKey)!: "trace-9",
            HTTPField.Name(InMemoryTracer.spanIDKey)!: "span-9",
        ]
        _ = try await client(RequestSpans(tracer)).get("/notes/1", headers: fields)
        _ = try await client(RequestSpans(tracer, from: .trustedProxies)).get("/notes/1", headers: fields)
        let spans = tracer.finishedSpans.filter { $0.kind == .server }
        #expect(spans.map(\.parentSpanID) == ["span-9", nil])
        #expect(spans.map { $0.traceID == "trace-9" } == [true, false])
    }

    @Test("are the place of the request in the trace, for the log and other servers")
    func adoption() async throws {
        var app = App()
        app.middleware = [RequestSpans(W3CTracer())]
        app.get("/", ContextInput()) { context in
            PlainText(context.trace?.traceparent ?? "-")
        }
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let answer = try await TestClient(app).get("/", headers: [HTTPField.Name("traceparent")!: parent])
        #expect(answer.text == "00-0af7651916cd43dd8448eb211c80319c-00000000000000aa-01")
    }
}

/// A tracer that reads and writes `traceparent`, as OpenTelemetry's does, and records nothing.
private struct W3CTracer: Tracer {
    private enum ParentKey: InstrumentationContextKey { typealias Value = String }

    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> NoOpTracer.Span {
        var context = context()
        if let parent = context[ParentKey.self], let trace = TraceContext(traceparent: parent) {
            context[ParentKey.self] = "00-\(trace.traceID)-00000000000000aa-01"
        }
        return NoOpTracer.Span(context: context)
    }

    func forceFlush() {}

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        context[ParentKey.self] = extractor.extract(key: "traceparent", from: carrier)
    }

    func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        if let parent = context[ParentKey.self] {
            injector.inject(parent, forKey: "Traceparent", into: &carrier)
        }
    }
}
