import Crane

extension FeedCounters {
    /// What the talks' feed counts, for those who collect metrics.
    var metrics: [Metric] {
        [
            .gauge("feed_subscribers", "Open subscriptions to the changes of talks.", subscribers),
            .gauge("feed_readers", "Subscribers that read the log of changes to catch up.", readers),
            .counter("feed_events_total", "Changes that were told to subscribers.", events),
            .counter("feed_deliveries_total", "Changes that were given to a subscriber.", deliveries),
            .counter("feed_pages_total", "Pages of the log that were read.", pages),
            .counter("feed_slow_closes_total", "Subscribers closed because they took nothing.", slowCloses),
            .counter("feed_resets_total", "Subscribers that had to begin anew.", resets),
            .counter("feed_refusals_total", "Subscriptions refused because there were too many.", refusals),
        ]
    }
}
