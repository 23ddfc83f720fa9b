import Crane
import CraneSQLite
import CraneSchema
import Synchronization

/// Votes: given, taken back and counted in one transaction; the log of changes is told of them at a bounded rate.
extension SQLiteRoomStore {
    /// The log is told of a comment's votes at most so often.
    static let votePause = Duration.milliseconds(100)

    func setVote(
        _ isGiven: Bool, for id: Int, by participant: Participant, on loop: (any LoopServices)?
    ) async throws -> Int? {
        let outcome = try await write { [self] connection -> (votes: Int, isLogged: Bool)? in
            let now = now()
            guard let comment = try connection.find(Comment.self, id) else { return nil }
            if try TalkRules.find(comment.talkID, connection)?.isClosed ?? false { throw TalkConflict.closed }
            try participant.check(at: now, connection)
            if try Self.setVote(isGiven, for: id, by: participant, connection) {
                try Standing.add(isGiven ? 1 : -1, to: id, in: comment.talkID, connection)
            }
            let pause = loop == nil ? .zero : Self.votePause
            let isLogged = try logVotes(of: id, at: now, after: pause, connection)
            return (try Standing.votes(of: id, connection)?.count ?? 0, isLogged)
        }
        guard let outcome else { return nil }
        if let loop, !outcome.isLogged { announceVotes(of: id, on: loop) }
        return outcome.votes
    }

    /// Whether anything has changed.
    private static func setVote(
        _ isGiven: Bool, for id: Int, by participant: Participant, _ connection: Connection
    ) throws -> Bool {
        let change =
            isGiven
            ? try connection.prepare("INSERT OR IGNORE INTO vote VALUES (:comment_id, :participant)")
            : try connection.prepare(
                "DELETE FROM vote WHERE comment_id = :comment_id AND participant = :participant")
        try change.bind("comment_id", id)
        try change.bind("participant", participant.hash)
        try change.run()
        return connection.changes > 0
    }

    /// Tells the log of votes that it does not know of, unless it was told less than `pause` ago; whether it knows them all.
    @discardableResult
    private func logVotes(
        of id: Int, at now: Timestamp, after pause: Duration, _ connection: Connection
    ) throws -> Bool {
        guard let votes = try Standing.votes(of: id, connection), votes.count != votes.logged else {
            return true
        }
        let since = now.microseconds - votes.loggedAt.microseconds
        // A clock that was set back must not keep votes away for ever.
        if since >= 0, since < Int(pause / .microseconds(1)) { return false }
        let isShown = try connection.find(Comment.self, id) != nil
        try changes.append(.voted, of: id, in: votes.talkID, at: now, isOpen: isShown, connection)
        try Standing.markLogged(id, at: now, connection)
        return true
    }

    /// Tells the log of them when the pause is over: once for all who vote until then.
    private func announceVotes(of id: Int, on loop: any LoopServices) {
        guard announced.withLock({ $0.insert(id).inserted }) else { return }
        loop.spawn { [self] in
            // A shutdown does not wait: what is not told now is told by the next start.
            try? await loop.sleep(for: Self.votePause)
            announced.withLock { _ = $0.remove(id) }
            _ = try? await database.write { [self] connection in
                try logVotes(of: id, at: now(), after: .zero, connection)
            }
        }
    }

    /// Tells the log of the votes that a crash has kept from it; for the start. Blocks the caller.
    func settleVotes() throws {
        try transaction { connection in
            for id in try Standing.unlogged(connection) {
                try logVotes(of: id, at: now(), after: .zero, connection)
            }
        }
    }
}
