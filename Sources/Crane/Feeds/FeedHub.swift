import CraneHTTP
import CraneSystem
import Logging
import Synchronization

/// What a feed has on one loop: its channels, and their turns at writing. The loop's thread only, but for `turns`.
@safe
final class FeedHub: @unchecked Sendable {
    let turns: any LoopTurns
    let services: any LoopServices
    let options: FeedOptions
    let counts: AtomicFeedCounters
    let logger: Logger

    @safe @exclusivity(unchecked) private(set) var channels: [FeedChannel] = []
    /// Channels some of whose subscribers have not had everything, in the order of their turns.
    @safe @exclusivity(unchecked) private var waiting: [FeedChannel] = []
    @safe @exclusivity(unchecked) private var isRunning = false
    /// Subscribers that the history's events are to be read for, the first next.
    @safe @exclusivity(unchecked) private var readers: [FeedSubscriber] = []
    @safe @exclusivity(unchecked) private var reading = 0
    /// What was gathered last for each kind of subscriber: most of them have had the same.
    @safe @exclusivity(unchecked) private var gathered: [Gathered] = (0..<4).map { _ in Gathered() }
    @safe @exclusivity(unchecked) private var beats: [Gathered] = (0..<4).map { _ in Gathered() }
    /// Deliveries that have not been counted for all yet.
    @safe @exclusivity(unchecked) var delivered = 0
    @safe @exclusivity(unchecked) private var isTimed = false
    @safe @exclusivity(unchecked) private var nextBeat: UInt64 = 0

    /// Subscribers that are written to in one turn of the loop: some milliseconds of system calls.
    static let slice = 128
    /// Topics without subscribers that are kept.
    static let mostIdle = 64

    /// What leaves together for those who stand at one place.
    final class Gathered {
        let pieces = SharedPieces()
        /// Where it begins in the ring, and the number of its last event.
        @safe @exclusivity(unchecked) fileprivate(set) var start = 0
        @safe @exclusivity(unchecked) fileprivate(set) var last = 0
        /// How many they are.
        @safe @exclusivity(unchecked) fileprivate(set) var count = 0
        @safe @exclusivity(unchecked) fileprivate var position = -1
        @safe @exclusivity(unchecked) fileprivate var version = -1
        @safe @exclusivity(unchecked) fileprivate var channel = -1

        fileprivate func removeAll() {
            pieces.removeAll()
            channel = -1
        }
    }

    init(
        _ turns: any LoopTurns, _ services: any LoopServices, _ options: FeedOptions,
        _ counts: AtomicFeedCounters,
        _ logger: Logger
    ) {
        self.turns = turns
        self.services = services
        self.options = options
        self.counts = counts
        self.logger = logger
    }

    // MARK: Channels

    func add(_ channel: FeedChannel) {
        channels.append(channel)
        startTimer()
    }

    /// The loop has ended, or the feed is no more: whoever is still here is to come back later.
    func end() {
        counts.readers.subtract(readers.count, ordering: .relaxed)
        readers = []
        for channel in channels { channel.fail() }
    }

    func remove(_ channel: FeedChannel) { channels.removeAll { $0 === channel } }

    /// What a publisher has handed over.
    func take(_ changes: [(FeedChannel, FeedChannel.Change)]) {
        for (channel, change) in changes { channel.take(change) }
        // Of several changes of a channel the first answers all.
        for (channel, _) in changes { channel.answerPolls() }
    }

    /// Has the channel's subscribers written to, in slices.
    func enqueue(_ channel: FeedChannel) {
        waiting.append(channel)
        guard !isRunning else { return }
        runLater()
    }

    private func runLater() {
        isRunning = turns.execute { [self] in run() }
        // The loop has ended, and with it whoever could be written to.
        if !isRunning { waiting = [] }
    }

    /// Writes to a slice of the subscribers: everybody else on the loop has a turn in between.
    private func run() {
        var budget = FeedHub.slice
        while budget > 0, let channel = waiting.first {
            waiting.removeFirst()
            if !channel.pass(&budget) { waiting.append(channel) }
        }
        counts.deliveries.add(delivered, ordering: .relaxed)
        delivered = 0
        guard !waiting.isEmpty else {
            isRunning = false
            // What the ring lets go of is not held here.
            for gathered in gathered { gathered.removeAll() }
            for beat in beats { beat.removeAll() }
            return
        }
        runLater()
    }

    // MARK: Frames

    /// The events behind `position` in one writev(2), as many as it takes.
    func gather(_ channel: FeedChannel, behind position: Int, _ kind: FeedKind) -> Gathered {
        let gathered = gathered[Int(kind.rawValue)]
        if gathered.position == position, gathered.version == channel.version,
            gathered.channel == channel.number
        {
            return gathered
        }
        gathered.pieces.removeAll()
        gathered.channel = channel.number
        gathered.version = channel.version
        gathered.position = position
        gathered.start = channel.ring.index(behind: position)
        for frame in channel.ring.frames[gathered.start...] {
            guard !gathered.pieces.isFull else { break }
            frame.append(to: gathered.pieces, kind, epoch: channel.epoch)
            gathered.last = frame.sequence
        }
        gathered.count = gathered.pieces.count
        return gathered
    }

    /// The number of the newest event, for those who have had it.
    func gatherBeat(_ channel: FeedChannel, _ kind: FeedKind) -> SharedPieces {
        let beat = beats[Int(kind.rawValue)]
        if beat.channel == channel.number, beat.position == channel.newest { return beat.pieces }
        beat.pieces.removeAll()
        beat.channel = channel.number
        beat.position = channel.newest
        let text = "{\"beat\":\(channel.newest)}"
        let event = ServerSentEvent(text, name: "beat")
        beat.pieces.append(
            FeedFrame.shared { output in
                switch kind {
                case .webSocket, .deflated: FrameWriter.write(text, to: output)
                case .eventStream: ResponseEncoder.chunk(event.bytes, to: output)
                case .plainEventStream: event.write(to: output)
                }
            })
        return beat.pieces
    }

    /// A while of its own for each who is told to come back.
    func jitter() -> Duration {
        .milliseconds(Int.random(in: 0...max(0, options.retryJitter.milliseconds)))
    }

    // MARK: Readers

    /// Has the history's events read for a subscriber that is behind what the ring has.
    func read(for subscriber: FeedSubscriber, behind position: Int, in channel: FeedChannel) {
        counts.readers.add(1, ordering: .relaxed)
        readers.append(subscriber)
        serveReaders()
    }

    private func serveReaders() {
        while reading < options.readers, !readers.isEmpty {
            let subscriber = readers.removeFirst()
            guard subscriber.isOpen, let (channel, position) = subscriber.awaitedPage else {
                counts.readers.subtract(1, ordering: .relaxed)
                continue
            }
            reading += 1
            channel.readPage(behind: position, limit: options.pageSize) { [self] page in
                reading -= 1
                counts.readers.subtract(1, ordering: .relaxed)
                channel.give(page, to: subscriber)
                serveReaders()
            }
        }
    }

    // MARK: Time

    private func startTimer() {
        guard !isTimed else { return }
        isTimed = true
        nextBeat = turns.now + UInt64(options.beat.milliseconds)
        setTimer()
    }

    private func setTimer() {
        let shortest = min(options.beat, options.slowLimit, options.idleTopic, .seconds(15)) / 3
        turns.execute(after: max(shortest, .milliseconds(10))) { [weak self] in self?.sweep() }
    }

    /// Looks after what is late: beats, subscribers that take nothing, topics without any.
    private func sweep() {
        let now = turns.now
        let isBeatDue = now >= nextBeat
        if isBeatDue { nextBeat = now + UInt64(options.beat.milliseconds) }
        for channel in channels { channel.sweep(now: now, isBeatDue: isBeatDue) }
        let idle = channels.filter { $0.idleSince != nil }.sorted {
            ($0.idleSince ?? 0) < ($1.idleSince ?? 0)
        }
        for (index, channel) in idle.enumerated() {
            let isOld = now - (channel.idleSince ?? now) >= UInt64(options.idleTopic.milliseconds)
            if isOld || idle.count - index > FeedHub.mostIdle { channel.retire() }
        }
        if channels.isEmpty { isTimed = false } else { setTimer() }
    }
}
