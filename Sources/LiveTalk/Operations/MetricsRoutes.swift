import Crane
import CraneSQLite
import HTTPTypes

/// What the database's writer counts, for those who collect metrics.
struct MetricsRoutes: Sendable {
    /// As the health routes it is asked by address.
    static let path = "/metrics"

    let counters: @Sendable () -> DatabaseCounters

    func register(in app: inout App) {
        app.get(Self.path) { [counters] _, _ in
            var response = Response.text(Self.text(counters()))
            response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return response
        }
    }

    /// Prometheus's text format (https://prometheus.io/docs/instrumenting/exposition_formats/).
    static func text(_ counters: DatabaseCounters) -> String {
        let metrics: [(name: String, type: String, help: String, value: String)] = [
            ("batches_total", "counter", "Batches of writes committed.", "\(counters.batches)"),
            ("writes_total", "counter", "Writes committed.", "\(counters.writes)"),
            ("write_failures_total", "counter", "Writes that failed.", "\(counters.failures)"),
            (
                "commit_seconds_total", "counter", "Time spent in committing.",
                "\(Double(counters.commitNanoseconds) / 1e9)"
            ),
            ("checkpoints_total", "counter", "Times the whole log was moved.", "\(counters.checkpoints)"),
            ("largest_batch", "gauge", "Writes in the largest batch.", "\(counters.largestBatch)"),
            ("write_queue_length", "gauge", "Writes that wait.", "\(counters.queueLength)"),
            ("wal_bytes", "gauge", "Length of the write-ahead log.", "\(counters.walBytes)"),
        ]
        return metrics.reduce(into: "") { text, metric in
            let name = "livetalk_database_\(metric.name)"
            text += "# HELP \(name) \(metric.help)\n# TYPE \(name) \(metric.type)\n\(name) \(metric.value)\n"
        }
    }
}
