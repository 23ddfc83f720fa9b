import CraneHTTP
import HTTPTypes

extension App {
    /// Counts the application's requests, and tells them at a path in Prometheus's text format.
    ///
    /// ```swift
    /// app.metrics()
    /// ```
    /// `crane_http_requests_total` counts by method, route and status, the histogram `crane_http_request_duration_seconds` by method and
    /// route; `…_http_requests_running`, `…_loop_blocked_total` by route, `…_loop_lag_seconds` by loop, `…_connections`, `…_held_bytes`,
    /// `…_workers_queue_length`, `…_failed_accepts_total` and `…_refusals_total` by status stand beside them. The route is a pattern, `/notes/{id}`, and `-` for
    /// requests that match none; a WebSocket's method is `WS`. Routes of an application within this one have its path, or its host, before them,
    /// and where they match none its path alone: `/admin/{path:path}`. Each loop has counters of its own, which takes some kilobytes a loop for ten routes; a request takes two looks at the
    /// clock and a few additions, and an application without metrics nothing.
    /// - Parameters:
    ///   - path: where they are told; to whoever asks, so keep it inside, or add a dependency.
    ///   - prefix: what all names begin with, before an underscore.
    ///   - buckets: the upper bounds of the histogram, at most 23.
    ///   - own: what the application itself counts; asked on a worker thread at each request of the path, so that it may read a database.
    @discardableResult
    public mutating func metrics(
        _ path: String = "/metrics", prefix: String = "crane",
        buckets: [Duration] = Metric.usualBuckets,
        _ own: @escaping @Sendable () -> [Metric] = { [] }
    ) -> Route {
        metrics(path, prefix: prefix, counting: RequestMetrics(buckets: buckets), own)
    }

    /// The same with counts that outlive the application, as at a reload.
    ///
    /// - Parameter requests: `nil` counts no requests, and tells the rest.
    @discardableResult
    package mutating func metrics(
        _ path: String, prefix: String, counting requests: RequestMetrics?,
        _ own: @escaping @Sendable () -> [Metric]
    ) -> Route {
        requestMetrics = requests
        return self.get(path) { request, context in
            // What a service counts may stand in its database.
            let own = try await context.blocking { own() }
            let load = request.connection.load
            let lags = try await LoopLags.measured(of: load.loops, on: context.loop)
            var all = own + ServerMetrics(of: load).metrics
            if !lags.isEmpty {
                all.append(
                    .gauge(
                        "loop_lag_seconds", "How long a call has waited for its turn on the loop, just now.",
                        by: "loop", lags.map { ("\($0.loop)", $0.seconds) }))
            }
            all += requests?.metrics ?? []
            var response = Response.text(all.map { $0.text(prefix) }.joined())
            response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return response
        }
    }
}
