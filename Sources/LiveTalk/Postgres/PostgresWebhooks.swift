import CraneJobs
import CranePostgres
import CranePostgresJobs
import CraneSchema
import Logging
import Synchronization

/// Enqueues the webhooks of each change in the log, once, whichever node has made it.
///
/// The log's entry is written in the change's transaction, and a row says how far webhooks have been enqueued: it is moved on in the transaction that
/// enqueues them. So none is lost or doubled, posts wait for none of it, and no node is the leader: who has locked the row goes on.
final class PostgresWebhooks: Sendable {
    /// How often the log is looked at when this node has changed nothing.
    private static let interval = Duration.seconds(1)
    /// So many changes are enqueued at once.
    private static let page = 200

    private let database: PostgresClient
    private let webhooks: ChangeWebhooks
    private let logger: Logger
    private let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let tasks = Mutex<[Task<Void, Never>]>([])

    init(_ database: PostgresClient, _ webhooks: ChangeWebhooks, logger: Logger) {
        self.database = database
        self.webhooks = webhooks
        self.logger = logger
    }

    /// Begins to follow the log: behind what was enqueued before, or where there were no webhooks behind its end.
    func start() {
        tasks.withLock { tasks in
            tasks = [
                Task { [self] in await follow() },
                Task { [self] in while (try? await Task.sleep(for: Self.interval)) != nil { wake.yield() } },
            ]
        }
    }

    func stop() {
        for task in tasks.withLock({ $0 }) { task.cancel() }
        wake.finish()
    }

    /// This node has committed a change; any thread.
    func wroteChange() { wake.yield() }

    private func follow() async {
        var hasFailed = false
        for await _ in wakes {
            do {
                while try await enqueue() {}
                hasFailed = false
            } catch {
                if !hasFailed { logger.error("webhooks cannot be enqueued", metadata: ["error": "\(error)"]) }
                hasFailed = true
            }
        }
    }

    /// Enqueues the next page; whether there may be more.
    private func enqueue() async throws -> Bool {
        let look = try await database.query(
            "SELECT EXISTS (SELECT FROM change WHERE position > (SELECT position FROM webhook_place)) AS is_due"
        )[0]
        guard try look.bool("is_due") else { return false }
        return try await database.transaction { transaction in
            let place = try await transaction.execute(
                "SELECT position, (SELECT epoch FROM feed_epoch) AS epoch FROM webhook_place FOR UPDATE SKIP LOCKED"
            ).first
            guard let place else { return false }
            let (position, epoch) = (try place.int("position"), try place.text("epoch"))
            let rows = try await transaction.execute(
                "SELECT * FROM change WHERE position > \(position) ORDER BY position LIMIT \(Self.page)")
            guard let last = rows.last else { return false }
            // A kind that only a newer version knows is told to nobody.
            let changes = try rows.compactMap { try Change($0) }
            try await transaction.enqueue(changes.flatMap { try webhooks.deliveries(of: $0, epoch: epoch) })
            try await transaction.execute("UPDATE webhook_place SET position = \(try last.int("position"))")
            return rows.count == Self.page
        }
    }

    /// Has the log followed from its end on, unless it is followed already; or by nobody any more. Blocks the caller.
    static func settle(isOn: Bool, _ session: PostgresBlockingSession) throws(PostgresError) {
        try session.execute(
            isOn
                ? """
                INSERT INTO webhook_place (id, position) SELECT 1, coalesce(max(position), 0) FROM change ON CONFLICT (id) DO NOTHING
                """ : "DELETE FROM webhook_place")
    }

    /// What is sent of a change, as it is now.
    static func body(of change: Change, _ database: PostgresClient) async throws -> [UInt8] {
        var comment: RoomComment?
        if let id = change.commentID {
            comment = try await database.query(RoomComment.finding(id)).rows(RoomComment.self).first
        }
        let (kind, content) = ChangeText.present(
            change, for: .audience, comment: { _ in comment }, talk: { _ in nil })
        return ChangeText.webhook(change, kind, content)
    }
}
