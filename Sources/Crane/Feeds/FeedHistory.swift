public import CraneHTTP

/// Where a feed's events are kept, so that a client can go on from any number that it was ever given.
///
/// An event must be there before it is published: a database's transaction has written it together with the change.
public protocol FeedHistory<Topic>: Sendable {
    /// What a subscriber hears of: a talk, a game, a talk as moderators see it.
    associatedtype Topic: Hashable & Sendable

    /// The events of a topic behind `position`, the oldest first; the newest ones where that is `nil`. At most `limit`, and fewer
    /// where they are long; all of the response from one moment.
    ///
    /// Called for a topic's first subscriber and for those who are further behind than memory goes. What it throws closes those
    /// subscribers, who come back with their numbers.
    /// - Parameters:
    ///   - topic: whose events are asked for.
    ///   - position: the number of the last event that is known; `nil` for none.
    ///   - limit: how many events at most.
    ///   - loop: whose subscribers ask; `loop.blocking` is for what blocks.
    func page(
        of topic: Topic, after position: Int?, limit: Int, on loop: any LoopServices
    ) async throws -> FeedPage<Topic>
}

/// What a history answers.
public struct FeedPage<Topic: Hashable & Sendable>: Sendable {
    /// Renewed whenever numbers that clients have may mean something else: the history was lost, restored or replaced.
    ///
    /// Letters and digits; a client whose number is of another epoch starts anew.
    public var epoch: String
    /// The lowest number from which a client can go on: all events behind it are still there. 0 where nothing was ever trimmed.
    public var oldest: Int
    /// The number of the topic's newest event, whether it is among these or not; 0 for none.
    public var newest: Int
    /// Those asked for, in order.
    public var events: [FeedEvent<Topic>]

    public init(epoch: String, oldest: Int, newest: Int, events: [FeedEvent<Topic>]) {
        self.epoch = epoch
        self.oldest = oldest
        self.newest = newest
        self.events = events
    }
}

/// A page without its topic.
struct FeedBatch: Sendable {
    let epoch: String
    let oldest: Int
    let newest: Int
    let frames: [FeedFrame]
}
