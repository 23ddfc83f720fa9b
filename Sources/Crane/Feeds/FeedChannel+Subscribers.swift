import CraneHTTP
import CraneSystem
import Synchronization

// Who is there.
extension FeedChannel {
    func join(_ subscriber: FeedSubscriber, at start: FeedStart) {
        idleSince = nil
        open()
        guard phase == .open else { return joining.append((subscriber, start)) }
        place(subscriber, at: start)
    }

    func place(_ subscriber: FeedSubscriber, at start: FeedStart) {
        guard subscriber.isOpen else { return }
        var from = newest
        switch start {
        case .now: subscriber.greet(from: newest)
        case .behind(let position) where position.epoch ?? epoch == epoch:
            from = position.sequence
            subscriber.greet(from: from)
        case .behind, .nowhere:
            subscriber.greet(from: newest)
            subscriber.reset()
        }
        // Ahead of what is known here it may be right all the same: the history knows.
        let needsHistory = !ring.covers(from) || from > newest
        add(subscriber, at: from, needsHistory ? [.reading] : [])
        if needsHistory {
            hub.read(for: subscriber, behind: from, in: self)
        } else if from < newest {
            _ = visit(subscriber.place)
        }
    }

    func add(_ subscriber: FeedSubscriber, at position: Int, _ marks: Marks) {
        subscriber.place = entries.count
        entries.append(Entry(subscriber: subscriber, position: position, beat: beat, marks: marks))
    }

    func leave(_ subscriber: FeedSubscriber) {
        let index = subscriber.place
        guard index >= 0 else { return }
        subscriber.place = -1
        departures += 1
        let last = entries.removeLast()
        if index < entries.count {
            entries[index] = last
            last.subscriber.place = index
            // The pass has been by: the one that stands here now would have to wait for the next.
            if isPassing, index < place { passesAgain = true }
        }
        if entries.isEmpty, polls.isEmpty { idleSince = hub.turns.now }
    }

    func didDrain(_ subscriber: FeedSubscriber) {
        let index = subscriber.place
        guard index >= 0, entries[index].marks.contains(.blocked) else { return }
        entries[index].marks.remove(.blocked)
        if entries[index].marks.contains(.reading) {
            hub.read(for: subscriber, behind: entries[index].position, in: self)
        } else {
            _ = visit(index)
        }
    }

    /// The connection has ended: one that has taken nothing for as long as it may was closed by the server.
    func connectionEnded(of subscriber: FeedSubscriber) {
        let index = subscriber.place
        if index >= 0, isTooSlow(index, now: hub.turns.now) {
            hub.counts.slowCloses.add(1, ordering: .relaxed)
        }
    }

    private func isTooSlow(_ index: Int, now: UInt64) -> Bool {
        guard entries[index].marks.contains(.blocked) else { return false }
        let limit = UInt32(clamping: hub.options.slowLimit.milliseconds / 1000)
        return UInt32(truncatingIfNeeded: now / 1000) &- entries[index].blockedSince >= limit
    }

    func sweep(now: UInt64, isBeatDue: Bool) {
        if isBeatDue, phase == .open, !entries.isEmpty {
            beat &+= 1
            pass()
        }
        // From the end: one that goes is replaced by the last, which has been looked at.
        for index in entries.indices.reversed() where isTooSlow(index, now: now) {
            hub.counts.slowCloses.add(1, ordering: .relaxed)
            entries[index].subscriber.drop()
        }
        if hub.services.isDraining {
            for poll in polls { poll.finish(.frames([])) }
        }
        polls.removeAll { !$0.isWaiting }
        if entries.isEmpty, polls.isEmpty, joining.isEmpty {
            idleSince = idleSince ?? now
        } else {
            idleSince = nil
        }
    }
}
