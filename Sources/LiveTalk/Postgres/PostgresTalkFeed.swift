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
    /// What this node's own notifications are known by.
    private let name = "\(UniqueID())"
    private let beginning: Place
    private let trimming: PostgresLogTrimming
    private let logger: Logger
    /// A look at the log is due.
    private let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let hasWritten = Atomic(false)
    private let tasks = Mutex<[Task<Void, Never>]>([])
    /// When the log was last read to its end, in nanoseconds of the system's clock.
    private let caughtUp = Atomic<UInt64>(SystemTime.monotonic())

    /// - Parameters:
    ///   - start: where the log ended before anybody could subscribe.
    ///   - subscribers: how many there may be at once.
    ///   - lifetime: how long changes can be resumed.
    init(
        _ database: PostgresClient, behind start: Place, subscribers: Int, keeping lifetime: Duration,
        logger: Logger
    ) {
        beginning = start
        var options = FeedOptions()
        options.maximumSubscribers = subscribers
        feed = Feed(history: PostgresTalkHistory(database: database), options: options, logger: logger)
        self.database = database
        trimming = PostgresLogTrimming(database, keeping: lifetime)
        self.logger = logger
    }

    /// Begins to follow the log.
    func start() {
        tasks.withLock { tasks in
            tasks = [
                Task { [self] in await follow() }, Task { [self] in await listen() },
                Task { [self] in await look() }, Task { [trimming] in await trimming.run() },
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
        for await notification in database.notifications(on: Self.channel)
        where notification != .notified(channel: Self.channel, payload: name) { wake.yield() }
    }

    private func look() async {
        while (try? await Task.sleep(for: Self.interval)) != nil { wake.yield() }
    }

    private func follow() async {
        var last = beginning
        var hasFailed = false
        for await _ in wakes {
            do {
                if hasWritten.exchange(false, ordering: .relaxed) {
                    // In no transaction that writes: its commit would wait for those of all others who notify. Nor does
                    // this one wait for the disk.
                    _ = try await database.query(
                        "SELECT set_config('synchronous_commit', 'off', true), pg_notify(\(Self.channel), \(name))"
                    )
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

    /// How far the log has been told.
    struct Place {
        var epoch: String
        /// The last change, and what tells it from another that has its number after a failover; `nil` before the first.
        var change: (position: Int, comment: Int, at: Timestamp)?
    }

    /// Tells of what has come behind a place, and returns how far that was.
    private func tell(behind place: Place) async throws -> Place {
        var place = place
        while true {
            let rows = try await database.query(
                """
                SELECT epoch, position, talk_id, seq, prev, kind, is_open, comment_id, at FROM feed_epoch LEFT JOIN LATERAL (
                    SELECT * FROM change WHERE position >= \(place.change?.position ?? 0)
                    ORDER BY position LIMIT \(Self.page)
                ) AS k ON true WHERE feed_epoch.id = 1 ORDER BY position
                """)
            guard try rows[0].text("epoch") == place.epoch else { return try await begunAnew() }
            var changes = try rows.filter { try !$0.isNull("position") }
            if let known = place.change {
                guard let first = changes.first, try Self.change(first) == known else {
                    return try await loseNumbers(of: place.epoch)
                }
                changes.removeFirst()
            }
            guard let last = changes.last else { return place }
            try await publish(changes.compactMap { try Change($0) })
            place.change = try Self.change(last)
        }
    }

    private static func change(
        _ row: PostgresRow
    ) throws(PostgresError) -> (position: Int, comment: Int, at: Timestamp) {
        (try row.int("position"), try row.int("comment_id"), try row.timestamp("at"))
    }

    /// Where the log ends now; blocks the caller.
    static func end(_ session: PostgresBlockingSession) throws(PostgresError) -> Place {
        try place(session.execute(end)[0])
    }

    private static let end: PostgresQuery = """
        SELECT epoch, position, comment_id, at FROM feed_epoch LEFT JOIN LATERAL (
            SELECT * FROM change ORDER BY position DESC LIMIT 1
        ) AS k ON true WHERE feed_epoch.id = 1
        """

    private static func place(_ row: PostgresRow) throws(PostgresError) -> Place {
        Place(
            epoch: try row.text("epoch"), change: try row.isNull("position") ? nil : try change(row))
    }

    /// What was told is gone, after a failover to a standby that was behind: its numbers are given again, in another epoch.
    private func loseNumbers(of epoch: String) async throws -> Place {
        logger.error("changes that were told are lost: the database is behind what it was; clients load anew")
        // Of the nodes that find it out one does it.
        try await database.execute(
            """
            UPDATE feed_epoch SET epoch = substr(md5(gen_random_uuid()::text), 1, 8) WHERE epoch = \(epoch)
            """)
        return try await begunAnew()
    }

    /// Everybody who has numbers of an earlier epoch is told to load anew.
    private func begunAnew() async throws -> Place {
        let place = try Self.place(try await database.query(Self.end)[0])
        feed.renew()
        return place
    }

    /// Says what has changed where somebody listens.
    private func publish(_ changes: [Change]) async throws {
        trimming.note(changes)
        var heard: [(change: Change, topic: TalkTopic)] = []
        for change in changes {
            for role in FeedRole.allCases where change.isOpen || role == .moderator {
                let topic = TalkTopic(talkID: change.talkID, role: role)
                if feed.hasSubscribers(of: topic) { heard.append((change, topic)) }
            }
        }
        if heard.isEmpty { return }
        let present = try await Present(of: heard.map(\.change), database)
        var events: [FeedEvent<TalkTopic>] = []
        for (change, topic) in heard {
            var comment = change.commentID.flatMap { present.comments[$0] }
            if let id = comment?.id, present.long.contains(id), change.kind != .voted {
                // Texts that are long are held one at a time.
                feed.publish(events)
                events = []
                comment = try await database.query(RoomComment.finding(id)).rows(RoomComment.self).first
            }
            if let id = change.redacted {
                let (gone, content) = ChangeText.present(id, for: topic.role, comment)
                feed.redact("\(id)", in: topic) { ChangeText.again($0.json, gone, content) }
            }
            let (kind, content) = ChangeText.present(
                change, for: topic.role, comment: { _ in comment }, talk: { present.talks[$0] })
            let json = ChangeText.json(kind.name, at: change.at.description, content)
            events.append(FeedEvent(topic: topic, change.seen(by: topic.role), json))
        }
        feed.publish(events)
    }

    /// What comments and talks are now.
    private struct Present {
        var comments: [Int: RoomComment] = [:]
        /// Those among them whose texts were too long to be read.
        var long: Set<Int> = []
        var talks: [Int: Talk] = [:]

        init(of changes: [Change], _ database: PostgresClient) async throws {
            let ids = Set(changes.compactMap(\.commentID))
            if !ids.isEmpty {
                let text =
                    "CASE WHEN octet_length(c.comment_text) < \(ChangePage.bytes) THEN c.comment_text ELSE '' END"
                let rows = try await database.query(
                    """
                    SELECT \(raw: RoomComment.postgresColumns(state: "c.state", text: text)),
                        octet_length(c.comment_text) >= \(ChangePage.bytes) AS is_long
                    FROM \(raw: RoomComment.everywhere) \(raw: RoomComment.joins) WHERE c.id = ANY(\(Array(ids)))
                    """)
                for row in rows {
                    let comment = try row.row(RoomComment.self)
                    comments[comment.id] = comment
                    if try row.bool("is_long") { long.insert(comment.id) }
                }
            }
            let talkIDs = Set(changes.filter { $0.kind == .talk }.map(\.talkID))
            if !talkIDs.isEmpty {
                let rows = try await database.query(
                    "SELECT \(raw: PostgresTalkStore.columns) FROM talk WHERE id = ANY(\(Array(talkIDs)))")
                for talk in try rows.rows(Talk.self) { talks[talk.id] = talk }
            }
        }
    }
}
