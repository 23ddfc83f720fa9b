import CraneHTTP
import CraneSystem

// Passes: everybody is given what it has not had, some in each turn of the loop.
extension FeedChannel {
    /// Has all subscribers given what they have not had.
    func pass() {
        if isPassing {
            passesAgain = true
        } else {
            isPassing = true
            hub.enqueue(self)
        }
    }

    /// Writes to so many of the subscribers; whether all have been.
    func pass(_ budget: inout Int) -> Bool {
        while phase == .open, budget > 0, let (subscriber, start) = joining.popLast() {
            place(subscriber, at: start)
            budget -= 1
        }
        // What needs no system call is looked at and no more.
        while place < entries.count, budget > 0 {
            let departures = departures
            if visit(place) { budget -= 1 }
            // In the place of one that has left stands another.
            if departures == self.departures { place += 1 }
        }
        guard place >= entries.count, phase != .open || joining.isEmpty else { return false }
        place = 0
        if passesAgain {
            passesAgain = false
            return false
        }
        isPassing = false
        return true
    }

    /// Gives the subscriber at `index` what it has not had; whether it was written to.
    @inline(__always)
    func visit(_ index: Int) -> Bool {
        let marks = entries[index].marks
        if marks.isEmpty, entries[index].position >= ring.newest, entries[index].beat == beat { return false }
        if !marks.isDisjoint(with: [.blocked, .reading]), !marks.contains(.leaving) { return false }
        return serve(index)
    }

    func serve(_ index: Int) -> Bool {
        let entry = entries[index]
        let subscriber = entry.subscriber
        if !entry.marks.isEmpty { return settle(subscriber, index, entry.marks) }
        let (hub, stream) = (hub, subscriber.stream)
        guard entry.position < ring.newest else {
            entries[index].beat = beat
            if case .some = stream.send(hub.gatherBeat(self, subscriber.kind)) { block(index) }
            return true
        }
        var position = entry.position
        while position < ring.newest {
            guard ring.covers(position) else {
                entries[index].marks.insert(.reading)
                hub.read(for: subscriber, behind: position, in: self)
                return true
            }
            let gathered = hub.gather(self, behind: position, subscriber.kind)
            switch stream.send(gathered.pieces) {
            case .all:
                position = gathered.last
                hub.delivered += gathered.count
                entries[index].hasHad(position, beat)
            case .some(let count):
                if count > 0 { position = ring.frames[gathered.start + count - 1].sequence }
                hub.delivered += count
                entries[index].hasHad(position, beat)
                block(index)
                return true
            case .none: return true
            }
        }
        return true
    }

    /// Its socket takes no more.
    func block(_ index: Int) {
        entries[index].marks.insert(.blocked)
        entries[index].blockedSince = UInt32(truncatingIfNeeded: hub.turns.now / 1000)
    }

    func settle(_ subscriber: FeedSubscriber, _ index: Int, _ marks: Marks) -> Bool {
        if marks.contains(.leaving) {
            subscriber.depart(.tryAgainLater)
        } else if marks.contains(.renewed) {
            entries[index].marks.remove(.renewed)
            entries[index].position = newest
            subscriber.greet(from: newest)
            subscriber.reset()
        }
        return true
    }
}
