// The examples of Docs/Guide/Metrics.md.
import Crane
import CraneMetrics
import CraneTesting
import CraneTracing
import InMemoryTracing
import Metrics
import Testing
import Tracing

struct Orders: Sendable {
    var open = 2
    var byPayment = [("card", 5), ("cash", 1)]
}

func countedApp() -> App {
    var app = App(title: "Counted")
    app.metrics()
    app.get("/notes/{id}", Path("id", Int.self)) { id in ["id": id] }
    return app
}

func shopApp(_ orders: Orders) -> App {
    var app = App(title: "Shop")
    app.metrics(
        "/internal/metrics", prefix: "shop", buckets: [.milliseconds(10), .milliseconds(100), .seconds(1)]
    ) {
        [
            .gauge("orders_open", "Orders that are not sent yet.", orders.open),
            .counter("orders_total", "Orders by how they are paid.", by: "pay", orders.byPayment),
        ]
    }
    return app
}

func libraryApp(_ metrics: PrometheusMetrics) -> App {
    var app = App(title: "Libraries")
    app.metrics { metrics.all }
    app.post("/orders") {
        Counter(label: "orders.placed", dimensions: [("pay", "card")], factory: metrics).increment()
        return "placed"
    }
    return app
}

func tracedApp(_ tracer: some Tracer) -> App {
    var app = App(title: "Traced")
    app.middleware = [RequestSpans(tracer)]
    app.get("/notes/{id}", Path("id", Int.self)) { id in
        tracer.withSpan("read note") { span in
            span.attributes["note"] = id
            return ["id": id]
        }
    }
    return app
}

@Suite("The guide's metrics and traces")
struct MetricsChapterTests {
    @Test("has the numbers of the application and of libraries")
    func numbers() async throws {
        let shop = try await TestClient(shopApp(Orders())).get("/internal/metrics").text
        #expect(shop.contains("\nshop_orders_open 2\n") || shop.contains("shop_orders_open 2\n"))
        #expect(shop.contains("\nshop_orders_total{pay=\"card\"} 5\n"))
        let client = TestClient(libraryApp(PrometheusMetrics()))
        _ = try await client.post("/orders")
        #expect(
            try await client.get("/metrics").text.contains("\ncrane_orders_placed_total{pay=\"card\"} 1\n"))
    }

    @Test("has a span around the handler's")
    func spans() async throws {
        let tracer = InMemoryTracer()
        _ = try await TestClient(tracedApp(tracer)).get("/notes/7")
        #expect(tracer.finishedSpans.map(\.operationName) == ["read note", "GET /notes/{id}"])
    }
}
