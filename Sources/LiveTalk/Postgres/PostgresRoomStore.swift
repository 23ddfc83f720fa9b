import Crane
import CranePostgres
import CraneSchema
import CraneService
import Synchronization

/// What the room and its moderators make of comments, in PostgreSQL's tables `vote`, `standing` and `held_comment`, the same for all nodes.
final class PostgresRoomStore: RoomStore {
    let database: PostgresClient
    let now: @Sendable () -> Timestamp
    /// Called after each commit that has changed something.
    let changed: @Sendable () -> Void
    let ballots: PostgresBatches<PostgresBallot, PostgresBallot.Outcome>
    /// Comments of whose votes the log will be told soon, by this node.
    let announced = Mutex<Set<Int>>([])

    /// The database's migrations must have been applied: see `PostgresMigration.liveTalk`.
    ///
    /// - Parameter changed: called after each commit that has changed something; any thread.
    init(
        _ database: PostgresClient, changed: @escaping @Sendable () -> Void = {},
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        (self.database, self.changed, self.now) = (database, changed, now)
        ballots = PostgresBatches(size: \.size) { ballots throws(PostgresError) in
            let rows = try await database.execute([
                PostgresChangeLog.lock, PostgresBallot.counting(ballots, at: now()),
            ])
            var outcomes: [PostgresBallot.Outcome] = []
            for row in rows { outcomes.append(try PostgresBallot.Outcome(row)) }
            return outcomes
        }
    }

    func comment(_ id: Int) async throws -> RoomComment? {
        try await rows(RoomComment.finding(id)).first
    }

    func list(
        _ query: RoomQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> [RoomComment] {
        try await rows("\(list: query) ORDER BY place")
    }

    func author(of id: Int) async throws -> Participant? {
        let rows = try await StoreError.translating {
            try await database.query("SELECT participant FROM author WHERE comment_id = \(id)")
        }
        return try rows.first.map { Participant(hash: try $0.blob("participant")) }
    }

    private func rows(_ query: PostgresQuery) async throws -> [RoomComment] {
        try await StoreError.translating { try await database.query(query).rows(RoomComment.self) }
    }

    /// Does something under the lock of all who write.
    func write<Value>(_ body: (PostgresTransaction) async throws -> Value) async throws -> Value {
        let value = try await StoreError.translating {
            try await database.transaction { transaction in
                try await transaction.execute(PostgresChangeLog.lock)
                return try await body(transaction)
            }
        }
        changed()
        return value
    }
}
