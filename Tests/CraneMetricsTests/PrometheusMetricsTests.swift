import Crane
import CraneMetrics
import CraneTesting
import Metrics
import Testing

@Suite("What swift-metrics counts")
struct PrometheusMetricsTests {
    private let metrics = PrometheusMetrics(buckets: [.milliseconds(1), .seconds(1)], upTo: 6)

    private func lines() async throws -> [String] {
        var app = App()
        app.metrics(prefix: "shop") { [metrics] in metrics.all }
        return try await TestClient(app).get("/metrics").text.split(separator: "\n").map(String.init)
    }

    @Test("stands in /metrics by its kind")
    func kinds() async throws {
        for _ in 0..<2 {
            Counter(label: "orders.placed", dimensions: [("pay-by", "card")], factory: metrics).increment(
                by: 2)
        }
        FloatingPointCounter(label: "weight_total", factory: metrics).increment(by: 0.5)
        Gauge(label: "stock", factory: metrics).record(7)
        Meter(label: "1temperature", factory: metrics).set(21.5)
        let sizes = Recorder(label: "order_size", factory: metrics)
        sizes.record(3)
        sizes.record(4)
        let timer = Metrics.Timer(label: "packing", factory: metrics)
        timer.recordMilliseconds(1)
        timer.recordMilliseconds(20)
        timer.recordSeconds(5)
        let lines = try await lines()
        for line in [
            "# TYPE shop_orders_placed_total counter", #"shop_orders_placed_total{pay_by="card"} 4"#,
            "shop_weight_total 0.5", "# TYPE shop_stock gauge", "shop_stock 7.0", "shop__1temperature 21.5",
            "# TYPE shop_order_size summary", "shop_order_size_sum 7.0", "shop_order_size_count 2",
            "# TYPE shop_packing_seconds histogram", #"shop_packing_seconds_bucket{le="0.001"} 1"#,
            #"shop_packing_seconds_bucket{le="1.0"} 2"#, #"shop_packing_seconds_bucket{le="+Inf"} 3"#,
            "shop_packing_seconds_sum 5.021", "shop_packing_seconds_count 3",
            "shop_metrics_refused_total 0", "shop_connections 0",
        ] {
            #expect(lines.contains(line), "\(line): \(lines)")
        }
    }

    @Test("has a bound, and one kind a name")
    func bound() async throws {
        for number in 0..<8 {
            Counter(label: "seats", dimensions: [("number", "\(number)")], factory: metrics).increment()
        }
        // A counter's name has its ending already.
        Gauge(label: "seats_total", factory: metrics).record(1)
        #expect(try await lines().filter { $0.hasPrefix("shop_seats_total{") }.count == 6)
        #expect(try await lines().contains("shop_metrics_refused_total 3"))
    }

    @Test("goes when it is destroyed, and makes room")
    func destruction() async throws {
        for _ in 0..<20 {
            let counter = Counter(label: "visits", factory: metrics)
            counter.increment()
            counter.destroy()
        }
        #expect(try await lines().contains("shop_metrics_refused_total 0"))
        #expect(try await !lines().contains { $0.contains("visits") })
    }
}
