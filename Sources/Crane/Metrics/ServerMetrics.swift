package import CraneHTTP

/// What a server counts over all its loops, whatever its application is.
package struct ServerMetrics: Sendable {
    private let load: ServerLoad

    package init(of load: ServerLoad) {
        self.load = load
    }

    /// There from the start, so that their growth can be watched.
    private static let refusedStatuses = [400, 408, 413, 414, 417, 431, 501, 503, 505]

    /// The counts of now.
    package var metrics: [Metric] {
        let (refusals, workers) = (load.refusals, load.workers())
        return [
            .gauge("connections", "Connections that are open.", load.connections),
            .gauge(
                "held_bytes", "Bytes that are held for clients: bodies, input and output that wait.",
                load.memory.held),
            .gauge("workers_running", "Pieces of blocking work that worker threads do.", workers.running),
            .gauge(
                "workers_queue_length", "Pieces of blocking work that wait for a thread.", workers.waiting),
            .counter(
                "failed_accepts_total", "Connections that the system could not give.", load.failedAccepts),
            .counter(
                "refusals_total", "What the server refused before it was a request of the application.",
                by: "status",
                Set(refusals.keys).union(Self.refusedStatuses).sorted().map { ("\($0)", refusals[$0] ?? 0) }),
        ]
    }
}
