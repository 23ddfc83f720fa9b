/// The newest events of a topic, without a gap: all that lie behind `floor`.
struct FeedRing {
    private(set) var frames: [FeedFrame] = []
    /// From this number on everything is here.
    private(set) var floor: Int
    private(set) var newest: Int
    private var byteCount = 0
    private let mostFrames: Int
    private let mostBytes: Int

    init(mostFrames: Int, mostBytes: Int, newest: Int = 0) {
        self.mostFrames = mostFrames
        self.mostBytes = mostBytes
        floor = newest
        self.newest = newest
    }

    /// Begins anew with the newest events of a history.
    mutating func begin(with batch: FeedBatch) {
        frames = []
        byteCount = 0
        floor = batch.frames.first?.previous ?? batch.newest
        newest = floor
        for frame in batch.frames { append(frame) }
    }

    /// Appends the next event and lets the oldest go where there are too many; the last one stays whatever its length.
    mutating func append(_ frame: FeedFrame) {
        frames.append(frame)
        newest = frame.sequence
        byteCount += frame.byteCount
        var excess = 0
        while frames.count - excess > 1, frames.count - excess > mostFrames || byteCount > mostBytes {
            byteCount -= frames[excess].byteCount
            floor = frames[excess].sequence
            excess += 1
        }
        if excess > 0 { frames.removeFirst(excess) }
    }

    /// Whether all that lies behind `position` is here or still to come.
    func covers(_ position: Int) -> Bool { position >= floor }

    /// Where the events behind `position` begin.
    func index(behind position: Int) -> Int {
        guard position < newest else { return frames.count }
        var (low, high) = (0, frames.count)
        while low < high {
            let middle = (low + high) / 2
            if frames[middle].sequence > position { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Gives the events of `key` other members.
    mutating func replace(_ key: String, by json: (FeedFrame) -> String) {
        for index in frames.indices where frames[index].key == key {
            let old = frames[index]
            frames[index] = old.replaced(by: json(old))
            byteCount += frames[index].byteCount - old.byteCount
        }
    }
}
