import Synchronization

/// What an application counts of itself: it outlives a reload, which builds the application anew.
package final class RequestMetrics: Sendable {
    private let bounds: [UInt64]
    private let current = Mutex<RequestCounters?>(nil)
    let blockedLoops = BlockedLoops()

    /// - Parameter buckets: the histogram's upper bounds, at most 23; in any order.
    package init(buckets: [Duration] = Metric.usualBuckets) {
        precondition(buckets.count <= RequestCell.bounds, "a histogram has at most 23 buckets")
        bounds = buckets.map { bucket in
            let (seconds, attoseconds) = bucket.components
            return UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
        }.sorted()
    }

    /// The counters of an application with these cells; those of before when they are the same.
    func counters(_ labels: [RequestCounters.Label]) -> RequestCounters {
        current.withLock { current in
            if let known = current, known.labels == labels { return known }
            let counters = RequestCounters(labels, bounds: bounds)
            current = counters
            return counters
        }
    }

    /// What was counted of the requests, and how often a handler has held its loop.
    package var metrics: [Metric] {
        guard let counters = current.withLock({ $0 }) else { return [] }
        let sums = counters.sums
        return [
            Metric(
                "http_requests_total", "counter",
                "Requests by route, method and status; the route - is for those that match none.",
                sums.flatMap { label, sum in RequestMetrics.statuses(label, sum) }),
            Metric(
                "http_request_duration_seconds", "histogram",
                "Time from a request's head to its response's.",
                sums.flatMap { label, sum in
                    Metric.Sample.histogram(
                        label.pairs, bounds: bounds.map { Double($0) / 1e9 }, counts: sum.durations,
                        sum: Double(sum.nanoseconds) / 1e9)
                }),
            .gauge("http_requests_running", "Requests that wait for their response.", counters.running),
            .counter(
                "loop_blocked_total", "Times that a handler has held its loop for too long.", by: "route",
                blockedLoops.counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }),
        ]
    }

    private static func statuses(_ label: RequestCounters.Label, _ sum: RequestSum) -> [Metric.Sample] {
        sum.statuses.sorted { $0.key < $1.key }.map { code, count in
            let status = code == RequestCell.otherStatus ? "other" : "\(code)"
            return Metric.Sample(label.pairs + [("status", status)], "\(count)")
        }
    }
}

extension RequestCounters.Label {
    fileprivate var pairs: [(name: String, value: String)] { [("method", method), ("route", route)] }
}
