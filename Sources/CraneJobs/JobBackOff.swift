/// How long a job waits after a failed attempt: twice as long each time, with chance in it, so that jobs which failed together do
/// not come back together.
public struct JobBackOff: Hashable, Sendable {
    let first: Duration
    let maximum: Duration
    let jitter: Double

    /// - Parameters:
    ///   - first: the wait after the first failure.
    ///   - maximum: the longest wait.
    ///   - jitter: by which part of the wait it may be shorter or longer, from 0 to 1.
    public init(
        first: Duration = .seconds(2), maximum: Duration = .seconds(3600), jitter: Double = 0.25
    ) {
        self.first = first
        self.maximum = maximum
        self.jitter = jitter
    }

    var mistake: String? {
        first <= .zero || maximum < first || !(0...1).contains(jitter) ? "its back-off means no wait" : nil
    }

    /// The wait after so many attempts.
    func wait(after attempt: Int) -> Duration {
        // 2^30 times the shortest wait is beyond every maximum that makes sense.
        let wait = min(first * (1 << min(attempt - 1, 30)), maximum)
        return jitter == 0 ? wait : wait * Double.random(in: 1 - jitter...1 + jitter)
    }
}
