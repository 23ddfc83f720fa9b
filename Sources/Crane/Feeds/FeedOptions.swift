/// What a feed allows, each with a bound.
public struct FeedOptions: Sendable {
    /// Subscribers at once over all loops; a further one is answered 503.
    public var maximumSubscribers = 20_000
    /// New subscribers at once, and how many more may come each second; further ones are answered 503 with `Retry-After`.
    public var subscriptionsAtOnce = 10_000
    public var subscriptionsPerSecond = 1000
    /// Events of a topic kept in memory, and their bytes, about: a subscriber further behind is given the history's.
    public var recentEvents = 256
    public var recentBytes = 256 << 10
    /// How long a topic without subscribers is kept in memory, for those who come back; 64 such topics at most.
    public var idleTopic: Duration = .seconds(60)
    /// How often each subscriber is told the number of the newest event, so that both sides know that the connection is alive.
    public var beat: Duration = .seconds(15)
    /// How long a subscriber may take nothing of what waits for it before it is closed (1013); it may come back with its number.
    public var slowLimit: Duration = .seconds(30)
    /// Subscribers of a loop that are given the history's events at the same time, and how many of these each is given at once.
    public var readers = 8
    public var pageSize = 100
    /// How long a subscriber that was told to come back waits at most, a time of its own for each.
    public var retryJitter: Duration = .seconds(2)
    /// How long a long poll waits at most.
    public var longestPoll: Duration = .seconds(25)

    public init() {}
}

/// What a feed has done since it was made; for `/metrics`.
public struct FeedCounters: Hashable, Sendable {
    /// Open subscriptions at this moment: WebSockets, event streams and waiting polls.
    public var subscribers = 0
    /// Events that were published.
    public var events = 0
    /// Events that were given to a subscriber.
    public var deliveries = 0
    /// Pages that were read of the history.
    public var pages = 0
    /// Subscribers that are given the history's events, or wait for them, at this moment.
    public var readers = 0
    /// Subscribers that were closed because they took nothing.
    public var slowCloses = 0
    /// Subscribers whose number could not be gone on from.
    public var resets = 0
    /// Subscriptions that were refused because there were too many.
    public var refusals = 0
}
