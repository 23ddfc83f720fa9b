import Crane
import CraneHTTP
import CraneSQLite
import HTTPTypes

/// What the server and the database's writer count, for those who collect metrics.
struct MetricsRoutes: Sendable {
    /// As the health routes it is asked by address.
    static let path = "/metrics"

    let counters: @Sendable () -> DatabaseCounters

    func register(in app: inout App) {
        app.get(Self.path) { [counters] request, _ in
            var response = Response.text(Self.text(counters()) + Self.text(request.connection.load))
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

    /// What the server counts over all its loops.
    static func text(_ load: ServerLoad) -> String {
        var text = """
            # HELP livetalk_connections Connections that are open.
            # TYPE livetalk_connections gauge
            livetalk_connections \(load.connections)
            # HELP livetalk_held_bytes Bytes that are held for clients: bodies, input and output that wait.
            # TYPE livetalk_held_bytes gauge
            livetalk_held_bytes \(load.memory.held)
            # HELP livetalk_failed_accepts_total Connections that the system could not give.
            # TYPE livetalk_failed_accepts_total counter
            livetalk_failed_accepts_total \(load.failedAccepts)
            # HELP livetalk_refusals_total What the server refused before it was a request of the application.
            # TYPE livetalk_refusals_total counter

            """
        let refusals = load.refusals
        for status in Set(refusals.keys).union(refusedStatuses).sorted() {
            text += "livetalk_refusals_total{status=\"\(status)\"} \(refusals[status] ?? 0)\n"
        }
        return text
    }

    /// There from the start, so that their growth can be watched.
    private static let refusedStatuses = [400, 408, 413, 414, 417, 431, 501, 503, 505]
}
