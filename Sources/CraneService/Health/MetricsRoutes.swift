import Crane
import CraneHTTP
import HTTPTypes

/// What the server and the service count, for those who collect metrics.
package struct MetricsRoutes: Sendable {
    /// As the health routes it is asked by address.
    package static let path = "/metrics"

    private let prefix: String
    private let metrics: @Sendable () -> [Metric]

    /// - Parameters:
    ///   - prefix: what all names begin with.
    ///   - metrics: what the service itself counts; asked on a worker thread.
    package init(prefix: String, metrics: @escaping @Sendable () -> [Metric]) {
        self.prefix = prefix
        self.metrics = metrics
    }

    package func register(in app: inout App) {
        app.get(Self.path) { [prefix, metrics] request, _ in
            // What a service counts may stand in its database.
            let own = try await request.connection.loop.blocking { metrics() }
            let all = own + Self.metrics(of: request.connection.load)
            var response = Response.text(all.map { $0.text(prefix) }.joined())
            response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return response
        }
    }

    /// What the server counts over all its loops.
    private static func metrics(of load: ServerLoad) -> [Metric] {
        let refusals = load.refusals
        return [
            .gauge("connections", "Connections that are open.", load.connections),
            .gauge(
                "held_bytes", "Bytes that are held for clients: bodies, input and output that wait.",
                load.memory.held),
            .counter(
                "failed_accepts_total", "Connections that the system could not give.", load.failedAccepts),
            .counter(
                "refusals_total", "What the server refused before it was a request of the application.",
                by: "status",
                Set(refusals.keys).union(refusedStatuses).sorted().map { ("\($0)", refusals[$0] ?? 0) }),
        ]
    }

    /// There from the start, so that their growth can be watched.
    private static let refusedStatuses = [400, 408, 413, 414, 417, 431, 501, 503, 505]
}
