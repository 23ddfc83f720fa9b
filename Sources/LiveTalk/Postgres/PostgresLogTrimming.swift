import Crane
import CranePostgres
import CraneSchema
import Synchronization

/// Lets old changes go, as long as the service runs: by their age, and all but the newest of each talk, of which the last one always stays, by
/// which the next is counted.
final class PostgresLogTrimming: Sendable {
    private static let interval = Duration.seconds(60)
    /// So many go at once at most.
    private static let trimmed = 5000
    /// So many talks are looked after at once.
    private static let talks = 1000

    private let database: PostgresClient
    private let lifetime: Duration
    private let kept: Int
    /// The talks with changes since they were looked after, with the newest one's number.
    private let changed = Mutex<[Int: Int]>([:])

    /// - Parameters:
    ///   - lifetime: how long changes can be resumed.
    ///   - kept: how many of a talk.
    init(_ database: PostgresClient, keeping lifetime: Duration, newest kept: Int = 50_000) {
        (self.database, self.lifetime, self.kept) = (database, lifetime, kept)
    }

    /// Notes changes that have come; any thread.
    func note(_ changes: [Change]) {
        changed.withLock { changed in
            for change in changes where change.seq > kept {
                if changed.count < Self.talks || changed[change.talkID] != nil {
                    changed[change.talkID] = change.seq
                }
            }
        }
    }

    func run() async {
        while (try? await Task.sleep(for: Self.interval)) != nil { try? await trim(at: .now) }
    }

    func trim(at now: Timestamp) async throws {
        try await delete(
            """
            DELETE FROM change WHERE position IN (
                SELECT position FROM change AS old WHERE at < \(now + (.zero - lifetime))
                    AND EXISTS (SELECT FROM change WHERE change.talk_id = old.talk_id AND change.seq > old.seq)
                ORDER BY at LIMIT \(Self.trimmed))
            """)
        let talks = changed.withLock { changed in
            defer { changed = [:] }
            return changed
        }
        for (talkID, newest) in talks {
            try await delete(
                """
                DELETE FROM change WHERE position IN (
                    SELECT position FROM change WHERE talk_id = \(talkID) AND seq <= \(newest - kept)
                    ORDER BY seq LIMIT \(Self.trimmed))
                """)
        }
    }

    /// Deletes until there is nothing left to go.
    private func delete(_ statement: PostgresQuery) async throws {
        while try await database.execute(statement).affectedRows == Self.trimmed {
            try Task.checkCancellation()
        }
    }
}
