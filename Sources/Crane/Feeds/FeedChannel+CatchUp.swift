import CraneHTTP
import CraneSystem
import Synchronization

// Subscribers that are further behind than memory goes.
extension FeedChannel {
    /// Where a subscriber stands that waits for them; `nil` for one that does not, or whose socket takes nothing.
    func awaitedPage(of subscriber: FeedSubscriber) -> Int? {
        let index = subscriber.place
        guard index >= 0, entries[index].marks.contains(.reading), !entries[index].marks.contains(.blocked)
        else { return nil }
        return entries[index].position
    }

    /// Gives a subscriber the page that was read for it, as far as its socket takes it.
    func give(_ page: Result<FeedBatch, any Error>, to subscriber: FeedSubscriber) {
        guard let position = awaitedPage(of: subscriber) else { return }
        guard case .success(let batch) = page else { return subscriber.depart(.tryAgainLater) }
        guard batch.epoch == epoch else { return renew(with: batch) }
        guard position >= batch.oldest, position <= batch.newest else {
            // Trimmed meanwhile, or a number that was never handed out.
            goOn(subscriber, from: newest)
            return subscriber.reset()
        }
        guard write(batch.frames, to: subscriber) else { return }
        let reached = batch.frames.last?.sequence ?? batch.newest
        if ring.covers(reached) {
            goOn(subscriber, from: reached)
            _ = visit(subscriber.place)
        } else {
            entries[subscriber.place].position = reached
            hub.read(for: subscriber, behind: reached, in: self)
        }
    }

    /// The ring has all that is behind `position`.
    func goOn(_ subscriber: FeedSubscriber, from position: Int) {
        entries[subscriber.place].position = position
        entries[subscriber.place].marks.remove(.reading)
    }

    /// Writes events that only this subscriber is given; false when not all are on their way.
    func write(_ frames: [FeedFrame], to subscriber: FeedSubscriber) -> Bool {
        let pieces = SharedPieces()
        var rest = frames[...]
        while !rest.isEmpty {
            let part = rest.prefix(SharedPieces.bound)
            pieces.removeAll()
            for frame in part { frame.append(to: pieces, subscriber.kind, epoch: epoch) }
            let sending = subscriber.stream.send(pieces)
            // Gone.
            guard subscriber.place >= 0 else { return false }
            let count = if case .some(let count) = sending { count } else { part.count }
            hub.counts.deliveries.add(count, ordering: .relaxed)
            rest = rest.dropFirst(count)
            if count > 0 { entries[subscriber.place].position = part[part.startIndex + count - 1].sequence }
            if case .some = sending { block(subscriber.place) }
            guard case .all = sending else { return false }
        }
        return true
    }
}

extension FeedSubscriber {
    /// Its channel and where it stands, when it waits for the history's events.
    var awaitedPage: (FeedChannel, Int)? {
        channel.awaitedPage(of: self).map { (channel, $0) }
    }
}
