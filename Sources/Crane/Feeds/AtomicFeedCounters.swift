import Synchronization

/// The counters of a feed while they count; any thread.
final class AtomicFeedCounters: Sendable {
    let subscribers = Atomic(0)
    let events = Atomic(0)
    let deliveries = Atomic(0)
    let pages = Atomic(0)
    let readers = Atomic(0)
    let slowCloses = Atomic(0)
    let resets = Atomic(0)
    let refusals = Atomic(0)

    var snapshot: FeedCounters {
        FeedCounters(
            subscribers: subscribers.load(ordering: .relaxed), events: events.load(ordering: .relaxed),
            deliveries: deliveries.load(ordering: .relaxed), pages: pages.load(ordering: .relaxed),
            readers: readers.load(ordering: .relaxed), slowCloses: slowCloses.load(ordering: .relaxed),
            resets: resets.load(ordering: .relaxed), refusals: refusals.load(ordering: .relaxed))
    }
}
