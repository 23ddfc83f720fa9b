/// How many jobs of a queue may begin in a time: `JobRate(100, per: .seconds(60))`.
///
/// It counts as a bucket does: so many may begin at once, and after that one whenever the period, shared evenly, has room for it. Each attempt
/// counts, and what all processes begin counts together. A store keeps when the bucket is full again (the generic cell rate algorithm).
public struct JobRate: Hashable, Sendable {
    public let count: Int
    public let period: Duration

    /// So many in each period: one at least, a million a second at most, and no period longer than a year.
    public init(_ count: Int, per period: Duration) {
        self.count = count
        self.period = period
    }

    /// Microseconds from one to the next.
    private var interval: Int { period.microseconds / count }

    /// What can never work.
    var mistake: String? {
        if count < 1 || period > .seconds(366 * 86_400) { return "its rate lets no job begin" }
        return interval < 1 ? "its rate is more than a million a second" : nil
    }

    /// How the bucket stands that will be full at a time, in microseconds as `now` is.
    package func bucket(fullAt: Int, at now: Int) -> Bucket {
        // A clock that was put back must not keep the queue waiting.
        Bucket(
            count: count, interval: interval, now: now,
            fullAt: min(max(fullAt, now), now + count * interval))
    }

    package struct Bucket {
        let count: Int
        let interval: Int
        let now: Int
        package private(set) var fullAt: Int

        /// How many may begin now.
        package var free: Int { count - (fullAt - now + interval - 1) / interval }

        /// When the next one may, if none may now.
        package var nextAt: Int { fullAt - (count - 1) * interval }

        package mutating func take(_ number: Int) { fullAt += number * interval }
    }
}
