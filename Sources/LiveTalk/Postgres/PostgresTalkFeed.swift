import Crane
import CranePostgres
import CraneSchema
import CraneService
import CraneSystem
import Logging
import Synchronization

/// Tells the rooms of this node of each change, whichever node has made it.
///
/// A node that has written says so by NOTIFY after its commit, once for all that it has written meanwhile; every node looks
/// each 250 ms besides, for what a node that died has not told, and where no notification comes through.
final class PostgresTalkFeed: Sendable {
    /// How often the log is looked at when nobody tells of anything.
    static let interval = Duration.milliseconds(250)
    private static let channel = "livetalk_feed"
    /// So many changes are read at once.
    private static let page = 500

    let feed: Feed<TalkTopic>
    private let database: PostgresClient
    private let lifetime: Duration
    private let logger: Logger
    /// A look at the log is due.
    private let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let hasWritten = Atomic(false)
    private let tasks = Mutex<[Task<Void, Never>]>([])
    /// When the log was last read to its end, in nanoseconds of the system's clock.
    private let caughtUp = Atomic<UInt64>(SystemTime.monotonic())

    /// - Parameters:
    ///   - subscribers: how many there may be at once.
    ///   - lifetime: how long changes can be resumed.
    init(_ database: PostgresClient, subscribers: Int, keeping lifetime: Duration, logger: Logger) {
        var options = FeedOptions()
        options.maximumSubscribers = subscribers
        feed = Feed(history: PostgresTalkHistory(database: database), options: options, logger: logger)
        self.database = database
        self.lifetime = lifetime
        self.logger = logger
    }

    /// Begins to follow the log.
    func start() {
        tasks.withLock { tasks in
            tasks = [
                Task { [self] in await follow() }, Task { [self] in await listen() },
                Task { [self] in await look() }, Task { [self] in await trim() },
            ]
        }
    }

    func stop() {
        for task in tasks.withLock({ $0 }) { task.cancel() }
        wake.finish()
    }

    /// This node has committed a change; any thread.
    func wroteChange() {
        hasWritten.store(true, ordering: .relaxed)
        wake.yield()
    }

    /// How long ago the log was last read to its end.
    var lag: Duration { .nanoseconds(Int64(SystemTime.monotonic() &- caughtUp.load(ordering: .relaxed))) }

    private func listen() async {
        for await _ in database.notifications(on: Self.channel) { wake.yield() }
    }

    private func look() async {
        while (try? await Task.sleep(for: Self.interval)) != nil { wake.yield() }
    }

    private func follow() async {
        var last: Int?
        var hasFailed = false
        for await _ in wakes {
            do {
                if hasWritten.exchange(false, ordering: .relaxed) {
                    // In no transaction that writes: its commit would wait for those of all others who notify.
                    _ = try await database.query("NOTIFY \(raw: Self.channel)")
                }
                last = try await tell(behind: last)
                caughtUp.store(SystemTime.monotonic(), ordering: .relaxed)
                hasFailed = false
            } catch {
                if !hasFailed { logger.error("the changes cannot be read", metadata: ["error": "\(error)"]) }
                hasFailed = true
            }
        }
    }

    /// Tells of what has come; the position of the last change.
    private func tell(behind position: Int?) async throws -> Int {
        guard var last = position else {
            // What was before the start is in the history.
            return try await database.query("SELECT coalesce(max(position), 0) AS last FROM change")[0].int(
                "last")
        }
        while true {
            let rows = try await database.query(
                """
                SELECT position, talk_id, seq, kind, comment_id, at FROM change
                WHERE position > \(last) ORDER BY position LIMIT \(Self.page)
                """)
            for row in rows { last = max(last, try row.int("position")) }
            try await publish(rows.compactMap { try PostgresChange($0) })
            if rows.count < Self.page { return last }
        }
    }

    /// Says what has changed where somebody listens. What is left out is found missing by the next event, and read from the log.
    private func publish(_ changes: [PostgresChange]) async throws {
        let heard = changes.filter { change in
            FeedRole.allCases.contains { feed.hasSubscribers(of: TalkTopic(talkID: change.talkID, role: $0)) }
        }
        if heard.isEmpty { return }
        let rows = try await database.query(
            """
            SELECT id, talk_id, comment_text, created_at, updated_at FROM comment
            WHERE id = ANY(\(heard.map(\.commentID))) AND octet_length(comment_text) < \(ChangePage.bytes)
            """)
        let comments = Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.int("id"), try RoomComment($0)) })
        var events: [FeedEvent<TalkTopic>] = []
        for change in heard {
            let comment = comments[change.commentID]
            // A text that is too long to be kept for many stays in the log, where each reads it for themselves.
            if comment == nil, change.kind != .deleted { continue }
            for role in FeedRole.allCases {
                let topic = TalkTopic(talkID: change.talkID, role: role)
                guard feed.hasSubscribers(of: topic) else { continue }
                if change.kind != .created {
                    let content = comment.map { ChangeText.Content.comment($0) } ?? .id(change.commentID)
                    let kind = comment == nil ? ChangeKind.deleted : nil
                    feed.redact("\(change.commentID)", in: topic) { ChangeText.again($0.json, kind, content) }
                }
                events.append(change.event(for: role, comment))
            }
        }
        feed.publish(events)
    }

    /// Lets old changes go, but the last one of each talk, by which the next is counted.
    private func trim() async {
        while (try? await Task.sleep(for: .seconds(60))) != nil {
            let oldest = Timestamp(
                microseconds: Timestamp.now.microseconds - Int(lifetime / .microseconds(1)))
            _ = try? await database.execute(
                """
                DELETE FROM change WHERE position IN (
                    SELECT position FROM change AS old WHERE at < \(oldest)
                        AND EXISTS (SELECT 1 FROM change WHERE change.talk_id = old.talk_id AND change.seq > old.seq)
                    ORDER BY at LIMIT 5000)
                """)
        }
    }
}
