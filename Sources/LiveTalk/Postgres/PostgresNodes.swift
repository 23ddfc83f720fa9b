import Crane
import CranePostgres
import CraneSchema
import CraneService
import Synchronization

/// Says every few seconds that this node is there, and counts those that are, among which quotas are divided.
final class PostgresNodes: Sendable {
    private static let interval = Duration.seconds(5)
    private let database: PostgresClient
    private let servers: ServerCount
    private let id = UniqueID()
    /// How full the server's queue of notifications was, in percent.
    private let queue = Atomic(0)
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let tend: @Sendable () async throws -> Void

    /// - Parameter tend: what is done as often besides: what a node that has ended may have left undone.
    init(
        _ database: PostgresClient, counting servers: ServerCount,
        tend: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.tend = tend
        self.database = database
        self.servers = servers
    }

    func start() {
        task.withLock { task in
            task = Task { [self] in
                repeat {
                    // Without the database the number stays what it was.
                    try? await beat()
                    try? await tend()
                } while (try? await Task.sleep(for: Self.interval)) != nil
            }
        }
    }

    func stop() { task.withLock { $0 }?.cancel() }

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
        ]
    }
}
