import CraneHTTP
import CraneSystem
import Logging
import Synchronization

/// A topic on one loop: its newest events and its subscribers, each with the number of the last event that it has had.
///
/// No subscriber has a queue. The loop's thread only.
@safe
final class FeedChannel: @unchecked Sendable {
    let hub: FeedHub
    /// By which what was gathered for it is known.
    let number: Int
    /// Reads the history, whose topics have another type for each feed.
    let read: @Sendable (_ position: Int?, _ limit: Int) async throws -> FeedBatch
    private let forget: @Sendable (FeedChannel) -> Void

    @safe @exclusivity(unchecked) var ring: FeedRing
    @safe @exclusivity(unchecked) var epoch = ""
    /// Counts what has changed in the ring.
    @safe @exclusivity(unchecked) var version = 0
    @safe @exclusivity(unchecked) var phase = Phase.new
    /// What was published while the history was read.
    @safe @exclusivity(unchecked) private var pending: [Change] = []

    @safe @exclusivity(unchecked) var entries: ContiguousArray<Entry> = []
    /// Subscribers that wait until it is known what they can be given.
    @safe @exclusivity(unchecked) var joining: [(FeedSubscriber, FeedStart)] = []
    @safe @exclusivity(unchecked) var polls: [FeedPoll] = []
    /// Whether a pass is under way, where it stands, and whether another is due behind it.
    @safe @exclusivity(unchecked) var isPassing = false
    @safe @exclusivity(unchecked) var place = 0
    @safe @exclusivity(unchecked) var passesAgain = false
    /// Counts subscribers that have left.
    @safe @exclusivity(unchecked) var departures = 0
    @safe @exclusivity(unchecked) var beat: UInt16 = 0
    /// Since when nobody is here, in the loop's milliseconds.
    @safe @exclusivity(unchecked) var idleSince: UInt64?

    enum Phase {
        case new
        /// The history is asked for its newest events.
        case opening
        case open
        /// The history is asked for what was not published here.
        case filling
        /// Nobody joins any more.
        case retired
    }

    enum Change: Sendable {
        case append(FeedFrame)
        case replace(key: String, by: @Sendable (FeedFrame) -> String)
        /// The history is to be asked whose numbers these are.
        case renew
    }

    /// A subscriber in 24 bytes.
    struct Entry {
        let subscriber: FeedSubscriber
        /// The number of the last event that it has had.
        var position: Int
        /// Since when it takes nothing, in seconds of the loop's clock.
        var blockedSince: UInt32 = 0
        /// The last beat that it has had.
        var beat: UInt16
        var marks: Marks = []

        /// It has had all up to there.
        mutating func hasHad(_ position: Int, _ beat: UInt16) {
            self.position = position
            self.beat = beat
        }
    }

    struct Marks: OptionSet {
        let rawValue: UInt8
        /// Its socket takes nothing.
        static let blocked = Marks(rawValue: 1)
        /// It is given the history's events.
        static let reading = Marks(rawValue: 2)
        /// Its number is of no use any more.
        static let renewed = Marks(rawValue: 4)
        /// It is to come back later.
        static let leaving = Marks(rawValue: 8)
    }

    init(
        _ hub: FeedHub, number: Int,
        read: @escaping @Sendable (_ position: Int?, _ limit: Int) async throws -> FeedBatch,
        forget: @escaping @Sendable (FeedChannel) -> Void
    ) {
        self.hub = hub
        self.number = number
        self.read = read
        self.forget = forget
        ring = FeedRing(mostFrames: hub.options.recentEvents, mostBytes: hub.options.recentBytes)
    }

    var newest: Int { ring.newest }
    var isOpen: Bool { phase == .open }
    var resetText: String { "{\"reset\":\(newest)}" }
    func hello(from position: Int) -> String {
        "{\"epoch\":\"\(epoch)\",\"from\":\(position),\"head\":\(newest)}"
    }
    func position(_ sequence: Int) -> String { FeedPosition(epoch: epoch, sequence: sequence).text }

    // MARK: Opening

    /// Asks the history where the topic stands, unless that is known.
    func open() {
        guard phase == .new else { return }
        phase = .opening
        readPage(behind: nil, limit: hub.options.pageSize) { [self] page in
            switch page {
            case .success(let batch): begin(with: batch)
            case .failure: fail()
            }
        }
    }

    func begin(with batch: FeedBatch) {
        epoch = batch.epoch
        ring.begin(with: batch)
        version += 1
        settle()
    }

    /// All that was published meanwhile comes behind what the history had.
    private func settle() {
        phase = .open
        let changes = pending
        pending = []
        for change in changes { take(change) }
        guard phase == .open else { return }
        answerPolls()
        pass()
    }

    /// Reads a page of the history; `done` is called on the loop.
    func readPage(
        behind position: Int?, limit: Int, _ done: @escaping @Sendable (Result<FeedBatch, any Error>) -> Void
    ) {
        hub.counts.pages.add(1, ordering: .relaxed)
        hub.services.spawn { [hub, read] in
            let page: Result<FeedBatch, any Error>
            do {
                page = .success(try await read(position, limit))
            } catch {
                page = .failure(error)
                hub.logger.error("a feed's history cannot be read", metadata: ["error": "\(error)"])
            }
            hub.turns.execute { done(page) }
        }
    }

    /// The history cannot be read: everybody is to come back later.
    func fail() {
        for index in entries.indices { entries[index].marks.insert(.leaving) }
        for (subscriber, _) in joining where subscriber.isOpen { add(subscriber, at: 0, [.leaving]) }
        joining = []
        for poll in polls { poll.finish(.failed) }
        polls = []
        retire()
        pass()
    }

    /// Nobody joins any more: the next one opens the topic anew.
    func retire() {
        guard phase != .retired else { return }
        phase = .retired
        hub.remove(self)
        forget(self)
    }

    // MARK: Publishing

    func take(_ change: Change) {
        guard phase == .open else {
            if phase == .opening || phase == .filling { pending.append(change) }
            return
        }
        switch change {
        case .append(let frame):
            guard frame.sequence > ring.newest else { return }
            // Something was published that has not come here.
            guard frame.previous <= ring.newest else { return fill(before: change) }
            append(frame)
            pass()
        case .replace(let key, let json):
            ring.replace(key, by: json)
            version += 1
        case .renew:
            phase = .filling
            fill()
        }
    }

    private func append(_ frame: FeedFrame) {
        ring.append(frame)
        version += 1
    }

    /// Gives those that wait what has come: once for all that was published together.
    func answerPolls() {
        guard phase == .open, !polls.isEmpty else { return }
        let waiting = polls
        polls = []
        for poll in waiting { self.poll(poll) }
    }

    /// Reads from the history what is missing before a change.
    private func fill(before change: Change) {
        phase = .filling
        pending.append(change)
        fill()
    }

    private func fill() {
        readPage(behind: ring.newest, limit: hub.options.pageSize) { [self] page in
            guard phase == .filling else { return }
            switch page {
            case .failure: fail()
            case .success(let batch): fill(with: batch)
            }
        }
    }

    private func fill(with batch: FeedBatch) {
        guard batch.epoch == epoch, batch.oldest <= ring.newest else { return renew(with: batch) }
        let start = ring.newest
        for frame in batch.frames where frame.sequence > ring.newest { append(frame) }
        if case .append(let frame) = pending.first, frame.previous > ring.newest {
            guard ring.newest == start else { return fill() }
            // The history has no more: the number before it stands for nothing that can be had.
            pending.removeFirst()
            append(frame)
        }
        settle()
    }

    /// The numbers that clients have are of no use any more.
    func renew(with batch: FeedBatch) {
        for index in entries.indices {
            entries[index].marks.remove(.reading)
            entries[index].marks.insert(.renewed)
        }
        begin(with: FeedBatch(epoch: batch.epoch, oldest: batch.oldest, newest: batch.newest, frames: []))
    }
}
