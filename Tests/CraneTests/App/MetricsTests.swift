import CraneTesting
import HTTPTypes
import Synchronization
import Testing

@testable import Crane

@Suite("Metrics")
struct MetricsTests {
    private static func lines(_ client: TestClient, _ path: String = "/metrics") async throws -> [String] {
        try await client.get(path).text.split(separator: "\n").map(String.init)
    }

    private static func app() -> App {
        var app = App(logger: quiet)
        app.metrics(prefix: "shop", buckets: [.seconds(3600)]) { [.gauge("open", "Whether it is open.", 1)] }
        app.get("/notes/{id}", Path("id", Int.self)) { id in "\(id)" }
        app.post("/notes/{id}", Path("id", Int.self), ContextInput()) { id, context in
            try await context.sleep(for: .microseconds(1))
            throw HTTPError(.conflict)
        }
        app.webSocket("/chat") { socket in try await socket.send("hello") }
        return app
    }

    @Test("count requests by method, route and status, and no route but one for those that match none")
    func counts() async throws {
        let client = TestClient(Self.app())
        for id in 0..<3 { _ = try await client.get("/notes/\(id)") }
        _ = try await client.get("/notes/x")
        _ = try await client.head("/notes/1")
        _ = try await client.post("/notes/1")
        for path in ["/a", "/b", "/c"] { _ = try await client.get(path) }
        _ = try await client.delete("/notes/1")
        _ = try await client.send(TestRequest(HTTPRequest.Method("BREW")!, "/coffee"))
        let lines = try await Self.lines(client)
        for line in [
            "shop_open 1", "# TYPE shop_http_requests_total counter",
            #"shop_http_requests_total{method="GET",route="/notes/{id}",status="200"} 3"#,
            #"shop_http_requests_total{method="GET",route="/notes/{id}",status="422"} 1"#,
            #"shop_http_requests_total{method="HEAD",route="/notes/{id}",status="200"} 1"#,
            #"shop_http_requests_total{method="POST",route="/notes/{id}",status="409"} 1"#,
            #"shop_http_requests_total{method="GET",route="-",status="404"} 3"#,
            #"shop_http_requests_total{method="DELETE",route="-",status="405"} 1"#,
            #"shop_http_requests_total{method="other",route="-",status="404"} 1"#,
            "# TYPE shop_http_request_duration_seconds histogram",
            #"shop_http_request_duration_seconds_bucket{method="GET",route="/notes/{id}",le="3600.0"} 4"#,
            #"shop_http_request_duration_seconds_bucket{method="GET",route="/notes/{id}",le="+Inf"} 4"#,
            #"shop_http_request_duration_seconds_count{method="GET",route="/notes/{id}"} 4"#,
            // The one that asks.
            "shop_http_requests_running 1", "shop_connections 0",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        // What has had no request is not told of, and a name with its labels stands there once.
        #expect(!lines.contains { $0.contains(#"route="/metrics",status"#) || $0.contains("WS") })
        let names = lines.filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != " " } }
        #expect(Set(names).count == names.count)
    }

    @Test("count handshakes, loops and what a server has")
    func live() async throws {
        let transport = try LiveTransport(Self.app().build())
        let client = TestClient(transport)
        let socket = try await client.webSocket("/chat")
        #expect(try await socket.next() == .text("hello"))
        let lines = try await Self.lines(client)
        #expect(lines.contains(#"shop_http_requests_total{method="WS",route="/chat",status="101"} 1"#))
        #expect(lines.contains { $0.hasPrefix(#"shop_loop_lag_seconds{loop="0"} "#) })
        #expect(lines.contains { $0.hasPrefix("shop_workers_queue_length ") })
        try await transport.close()
    }

    @Test("count each request once, whichever of many tasks makes it")
    func concurrency() async throws {
        let client = TestClient(Self.app())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 { group.addTask { _ = try? await client.get("/notes/1") } }
        }
        let lines = try await Self.lines(client)
        #expect(
            lines.contains(#"shop_http_requests_total{method="GET",route="/notes/{id}",status="200"} 200"#))
    }

    @Test("stand outside all middleware, whose refusals count")
    func refusals() async throws {
        var app = Self.app()
        app.middleware = [TrustedHost(["shop.example"], exempt: ["/metrics"])]
        let client = TestClient(app)
        #expect(try await client.get("/notes/1").status == .badRequest)
        let lines = try await Self.lines(client)
        #expect(lines.contains(#"shop_http_requests_total{method="GET",route="/notes/{id}",status="400"} 1"#))
    }

    @Test(
        "know the routes of the applications within this one, wherever they stand, and what each counts itself"
    )
    func mounted() async throws {
        struct Refusing: SynchronousMiddleware {
            func enter(_ request: Request, _ context: Context) -> Response? {
                request.headers["X-Refused"] == nil ? nil : .text("no")
            }
        }
        var deepest = App()
        deepest.post("/{id}", Path("id", Int.self)) { ["id": $0] }
        var inner = Self.app()
        inner.mount("/deep", deepest)
        var hosted = App()
        hosted.get("/") { "" }
        var app = App(logger: quiet)
        app.middleware = [Refusing()]
        app.metrics()
        app.get("/inner/{path:path}", Path("path", String.self)) { $0 }
        app.get("/") { "" }
        app.mount("/first", Self.app())
        app.mount("/inner", inner)
        app.host("*.example.com", hosted)
        let client = TestClient(app)
        _ = try await client.get("/inner/notes/1")
        #expect(
            try await Self.lines(client, "/inner/metrics").contains(
                #"shop_http_requests_total{method="GET",route="/notes/{id}",status="200"} 1"#))
        _ = try await client.send(TestRequest(.head, "/inner/notes/1"))
        _ = try await client.post("/inner/deep/7")
        _ = try await client.post("/inner/deep/7/8")
        _ = try await client.get("/inner/none")
        _ = try await client.get("/inner/notes/2", headers: [HTTPField.Name("X-Refused")!: "1"])
        _ = try await client.get("/", headers: [HTTPField.Name("Host")!: "a.example.com"])
        let counted = try await Self.lines(client).filter { $0.hasPrefix("crane_http_requests_total") }
        let expected = [
            ("GET", "/inner/notes/{id}", 200, 1), ("HEAD", "/inner/notes/{id}", 200, 1),
            ("POST", "/inner/deep/{id}", 200, 1), ("POST", "/inner/deep/{path:path}", 404, 1),
            ("GET", "/inner/{path:path}", 404, 1), ("GET", "/inner/{path:path}", 200, 1),
            ("GET", "*.example.com/", 200, 1), ("GET", "/inner/metrics", 200, 1),
        ].map { method, route, status, count in
            #"crane_http_requests_total{method="\#(method)",route="\#(route)",status="\#(status)"} \#(count)"#
        }
        #expect(Set(counted) == Set(expected))
        let inside = try await Self.lines(client, "/inner/metrics").filter { $0.contains("/deep/") }
        #expect(
            inside.contains(#"shop_http_requests_total{method="POST",route="/deep/{id}",status="200"} 1"#))
    }

    @Test("go on counting after a reload with the same routes")
    func reload() async throws {
        let requests = RequestMetrics()
        func built() -> TestClient {
            var app = App(logger: quiet)
            app.metrics("/metrics", prefix: "shop", counting: requests) { [] }
            app.get("/") { "" }
            return TestClient(app)
        }
        let (first, second) = (built(), built())
        _ = try await first.get("/")
        _ = try await second.get("/")
        #expect(
            try await Self.lines(second).contains(
                #"shop_http_requests_total{method="GET",route="/",status="200"} 2"#))
    }

    @Test("tell few statuses apart, and the rest as one")
    func statuses() {
        let cell = RequestCell()
        for status in 400..<430 { cell.note(status, 5, bounds: [1, 10]) }
        cell.note(400, 0, bounds: [1, 10])
        cell.note(429, 11, bounds: [1, 10])
        var sum = RequestSum(bounds: 2)
        cell.add(to: &sum)
        #expect(sum.durations == [1, 30, 1] && sum.nanoseconds == 161)
        #expect(sum.statuses.count == RequestCell.statuses && sum.statuses[400] == 2)
        #expect(sum.statuses[RequestCell.otherStatus] == 20)
    }

    @Test("escape what would break a line")
    func escapes() {
        let metric = Metric.counter("x_total", "a\\b\nc \"d\"", by: "le", [("q\"\\\n", 1)])
        #expect(
            metric.text("")
                == "# HELP x_total a\\\\b\\nc \"d\"\n# TYPE x_total counter\nx_total{le=\"q\\\"\\\\\\n\"} 1\n"
        )
    }
}
