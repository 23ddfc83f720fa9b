import Crane
import CraneSQLite
import Logging

/// Tells the rooms of each change as soon as it is on the disk, and whoever comes back of what they have missed.
final class TalkFeed: Sendable {
    let feed: Feed<TalkTopic>

    /// - Parameter subscribers: how many there may be at once.
    init(_ database: Database, subscribers: Int, logger: Logger) {
        var options = FeedOptions()
        options.maximumSubscribers = subscribers
        feed = Feed(history: TalkHistory(database: database), options: options, logger: logger)
        database.observeCommits { [feed] notes, connection in
            guard feed.hasSubscribers else { return }
            Self.publish(notes.notes(of: Change.self), to: feed, connection, logger)
        }
    }

    /// Says what has changed, in words that are made only where somebody listens.
    private static func publish(
        _ changes: [Change], to feed: Feed<TalkTopic>, _ connection: Connection, _ logger: Logger
    ) {
        var events: [FeedEvent<TalkTopic>] = []
        for change in changes {
            for role in FeedRole.allCases where change.isOpen || role == .moderator {
                let topic = TalkTopic(talkID: change.talkID, role: role)
                guard feed.hasSubscribers(of: topic) else { continue }
                do {
                    try redact(change, in: topic, of: feed, connection)
                    let json = try ChangeText.json(change, for: role, connection)
                    events.append(FeedEvent(topic: topic, change.seen(by: role), json))
                } catch {
                    // What is left out here is found missing by the next one, and read from the log.
                    logger.error(
                        "a change of a talk cannot be told",
                        metadata: [
                            "talk_id": "\(change.talkID)", "seq": "\(change.seq)", "error": "\(error)",
                        ])
                }
            }
        }
        feed.publish(events)
    }

    /// What is in memory of a comment that was hidden, edited or deleted says so from now on.
    private static func redact(
        _ change: Change, in topic: TalkTopic, of feed: Feed<TalkTopic>, _ connection: Connection
    ) throws {
        guard let id = change.redacted else { return }
        let (gone, content) = try ChangeText.present(id, for: topic.role, connection)
        feed.redact("\(id)", in: topic) { ChangeText.again($0.json, gone, content) }
    }
}

extension FeedEvent<TalkTopic> {
    init(topic: TalkTopic, _ change: Change, _ json: String) {
        self.init(
            topic: topic, sequence: change.seq, previous: change.prev, json: json,
            key: change.commentID.map { "\($0)" })
    }
}

/// The log as the feed reads it for those who are behind.
struct TalkHistory: FeedHistory {
    let database: Database

    func page(
        of topic: TalkTopic, after position: Int?, limit: Int, on loop: any LoopServices
    ) async throws -> FeedPage<TalkTopic> {
        let page = try await loop.blocking { [database] in
            try database.read { connection in
                try ChangePage(of: topic.talkID, for: topic.role, after: position, limit: limit, connection)
            }
        }
        return FeedPage(
            epoch: page.epoch, oldest: page.oldest, newest: page.newest,
            events: page.changes.map { FeedEvent(topic: topic, $0.change, $0.json) })
    }
}
