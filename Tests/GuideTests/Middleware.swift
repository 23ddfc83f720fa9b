// The examples of Docs/Guide/Middleware.md.
import Crane
import CraneTesting
import Testing

struct ProcessTime: Middleware {
    func handle(_ request: Request, _ context: Context, next: Next) async throws -> Response {
        let start = ContinuousClock.now
        var response = await next(request, context)
        let time = ContinuousClock.now - start
        context.logger.debug("\(request.method) \(request.path): \(response.status.code) after \(time)")
        response.headers[.processTime] = "\(time / .seconds(1))"
        return response
    }
}

extension HTTPField.Name {
    static let processTime = HTTPField.Name("X-Process-Time")!
}

struct Maintenance: SynchronousMiddleware {
    let isClosed: @Sendable () -> Bool

    func enter(_ request: Request, _ context: Context) throws -> Response? {
        if isClosed() { throw HTTPError(.serviceUnavailable, headers: [.retryAfter: "60"]) }
        return nil
    }
}

func trust(in app: inout App) throws {
    app.trustedProxies = try TrustedProxies(["10.0.0.0/8"])
}

func guardedApp(isClosed: @escaping @Sendable () -> Bool = { false }) -> App {
    var app = App(title: "Guarded")
    app.middleware = [
        AccessLog(.standardError()),
        TrustedHost(["localhost", "127.0.0.1", "*.talks.example"]),
        CORS(allowOrigins: ["*"], allowMethods: ["*"], allowHeaders: ["*"], allowCredentials: true),
        RateLimit(100, per: .seconds(60)),
        ProcessTime(),
        Maintenance(isClosed: isClosed),
    ]
    app.get("/") { ["message": "Hello, World!"] }
    var reports = APIRouter(
        prefix: "/reports", middleware: [Compression(), RequestDecompression(upTo: 1 << 20)])
    reports.get("/2025") { PlainText(String(repeating: "Everybody has listened.\n", count: 200)) }
    reports.post("/", Body([Int].self)) { numbers in ["sum": numbers.reduce(0, +)] }
    app.include(reports)
    return app
}

func reportsApp() -> App {
    var reports = APIRouter(prefix: "/reports", middleware: [SecurityHeaders()])
    reports.get("/daily", ContextInput()) { context in
        try await context.sleep(for: .seconds(30))
        return ["report": "all quiet"]
    }.middleware(ConcurrencyLimit(2), Timeout(.milliseconds(100), status: .gatewayTimeout))

    var app = App(title: "Reports")
    app.middleware = [RequestID(from: .everyone), Tracing()]
    app.get("/trace", ContextInput()) { context in ["trace": context.trace?.traceID ?? ""] }
    app.include(reports)
    return app
}

@Test("gives up a report that takes too long, and goes on with a trace")
func reporting() async throws {
    let client = TestClient(reportsApp())
    #expect(try await client.get("/reports/daily").status == .gatewayTimeout)
    let trace = "0af7651916cd43dd8448eb211c80319c"
    let traced = try await client.get(
        "/trace", headers: [.init("traceparent")!: "00-\(trace)-b7ad6b7169203331-01", .xRequestID: "a-1"])
    #expect(try traced.json() == ["trace": .string(trace)])
    #expect(traced.headers[.xRequestID] == "a-1")
}
