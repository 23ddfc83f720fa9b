/// So many requests a client in so many seconds.
public struct RateRule: Hashable, Sendable {
    public let count: Int
    public let seconds: Int

    public init(count: Int, seconds: Int) {
        self.count = count
        self.seconds = seconds
    }
}
