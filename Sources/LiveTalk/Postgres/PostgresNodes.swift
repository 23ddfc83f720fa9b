import Crane
import CranePostgres
import CraneSchema
import CraneService
import Logging
import Synchronization

/// Says every few seconds that this node is there, and counts those that are, among which quotas are divided.
final class PostgresNodes: Sendable {
    private static let interval = Duration.seconds(5)
    private static let probeInterval = Duration.seconds(60)
    /// How long a notification may take that is still heard.
    private static let patience = Duration.seconds(3)
    private let database: PostgresClient
    private let servers: ServerCount
    private let id = UniqueID()
    /// How full the server's queue of notifications was, in percent.
    private let queue = Atomic(0)
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let tend: @Sendable () async throws -> Void
    private let logger: Logger
    /// Whether notifications come through, as far as is known.
    private let isHeard = Atomic(true)

    /// - Parameter tend: what is done as often besides: what a node that has ended may have left undone.
    init(
        _ database: PostgresClient, counting servers: ServerCount,
        logger: Logger = Logger(label: "livetalk"),
        tend: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.tend = tend
        self.database = database
        self.servers = servers
        self.logger = logger
    }

    func start() {
        tasks.withLock { tasks in
            tasks = [
                Task { [self] in
                    repeat {
                        // Without the database the number stays what it was.
                        try? await beat()
                        try? await tend()
                    } while (try? await Task.sleep(for: Self.interval)) != nil
                },
                Task { [self] in
                    repeat { await probe() } while (try? await Task.sleep(for: Self.probeInterval)) != nil
                },
            ]
        }
    }

    func stop() {
        for task in tasks.withLock({ $0 }) { task.cancel() }
    }

    /// Looks whether notifications come through; without a connection it stays what it was.
    private func probe() async {
        guard let hears = await database.hearsNotifications(within: Self.patience),
            hears != isHeard.exchange(hears, ordering: .relaxed)
        else { return }
        if hears {
            logger.notice("notifications of PostgreSQL come through again")
        } else {
            logger.warning("\(Self.deafness): is there a pooler that pools by transactions?")
        }
    }

    private static let deafness =
        "notifications of PostgreSQL do not come through, and the log is looked at four times a second"

    /// What does not work as it should.
    var degradations: [String] { isHeard.load(ordering: .relaxed) ? [] : [Self.deafness] }

    /// Counts this node and all that have been there in the last fifteen seconds, by the server's clock.
    func beat() async throws {
        let rows = try await database.execute(
            """
            WITH beat AS (
                INSERT INTO node (id, seen_at) VALUES (\(id), now())
                ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
            ), gone AS (
                DELETE FROM node WHERE seen_at < now() - interval '1 minute' AND id <> \(id)
            )
            SELECT 1 + count(*) AS nodes, ceil(100 * pg_notification_queue_usage())::int AS queue FROM node
            WHERE id <> \(id) AND seen_at > now() - interval '15 seconds'
            """)
        servers.value = try rows[0].int("nodes")
        queue.store(try rows[0].int("queue"), ordering: .relaxed)
    }

    var metrics: [Metric] {
        [
            .gauge("nodes", "Nodes on this database, among which quotas are divided.", servers.value),
            .gauge(
                "notification_queue_percent", "How full PostgreSQL's queue of notifications is.",
                queue.load(ordering: .relaxed)),
            .gauge(
                "notifications_heard", "Whether PostgreSQL's notifications come through.",
                isHeard.load(ordering: .relaxed) ? 1 : 0),
        ]
    }
}
