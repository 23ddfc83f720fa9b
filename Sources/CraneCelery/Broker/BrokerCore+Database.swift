import CraneLoop
import CraneRESP
import CraneSQLite
import CraneSystem
import Logging

// Commands as transactions of the database, and what becomes of messages that nobody has acknowledged.
extension BrokerCore {
    /// What became of commands.
    enum Outcome {
        case values([RESPValue])
        /// A key that was watched has changed.
        case changed
        case failed(String)
    }

    /// Does commands in one transaction, or reads for those that change nothing.
    func perform(
        _ calls: [StoreCall], for connection: BrokerConnection, watched: [String: UInt64] = [:]
    ) async -> Outcome {
        let now = Int(SystemTime.wall() / 1000)
        let (number, tally, watches) = (connection.database, tally, watches)
        do {
            if watched.isEmpty, !calls.contains(where: { $0.command.changes($0.words) }) {
                return .values(
                    try database.read { connection in
                        var keys = KeySpace(connection, database: number, now: now, tally: tally)
                        return try calls.map { try keys.answer($0) }
                    })
            }
            let done: ([RESPValue], [Int])? = try await database.write { connection in
                guard watches.isUnchanged(watched) else { return nil }
                var keys = KeySpace(connection, database: number, now: now, tally: tally)
                let values = try calls.map { try keys.answer($0) }
                watches.touch(keys.changes)
                connection.note(keys.changes)
                return (values, keys.taken)
            }
            guard let (values, taken) = done else { return .changed }
            gave(taken, to: connection)
            return .values(values)
        } catch {
            tell(error)
            return .failed("MISCONF the broker's database failed: \(error)")
        }
    }

    /// Puts messages back that nobody has acknowledged; tries again until the database takes it.
    func putBack(_ ids: @escaping () -> Set<Int>) async {
        let (tally, watches) = (tally, watches)
        var number = 0
        while !ids().isEmpty {
            let some = ids().sorted().prefix(256)
            let now = Int(SystemTime.wall() / 1000)
            do {
                number += try await database.write { connection in
                    var keys = KeySpace(connection, database: 0, now: now, tally: tally)
                    let returned = try some.reduce(0) { $0 + (try keys.putBack($1) ? 1 : 0) }
                    watches.touch(keys.changes)
                    connection.note(keys.changes)
                    return returned
                }
                // Also those that were not there any more.
                for id in some {
                    owners.removeValue(forKey: id)?.taken.remove(id)
                    inherited.remove(id)
                }
            } catch let error as DatabaseError where error.kind == .closed {
                return
            } catch {
                tell(error)
                guard (try? await events.sleep(for: .seconds(5))) != nil else { return }
            }
        }
        countConnections()
        if number > 0 {
            logger.notice(
                "tasks go to another worker: the connection that had them is gone",
                metadata: ["tasks": "\(number)"])
        }
    }

    /// Removes what has expired, some at a time.
    func sweep() async {
        let (tally, watches) = (tally, watches)
        while true {
            let now = Int(SystemTime.wall() / 1000)
            // A look first: a write that finds nothing would still be a commit.
            let isDue = try? database.read { connection in
                let due = try connection.prepare("SELECT 1 FROM celery_key WHERE expires_at <= :now LIMIT 1")
                try due.bind("now", now)
                return try due.step()
            }
            guard isDue == true else { return }
            let swept = try? await database.write { connection in
                var keys = KeySpace(connection, database: 0, now: now, tally: tally)
                let swept = try keys.sweep(limit: 256)
                watches.touch(keys.changes)
                connection.note(keys.changes)
                return swept
            }
            guard let swept, swept == 256 else { return }
        }
    }

    /// Tells of a failing database, once a minute.
    private func tell(_ error: any Error) {
        if let failureTold, events.now - failureTold < 60_000 { return }
        failureTold = events.now
        logger.error("the broker's database failed: \(error)")
    }
}

extension KeySpace {
    /// The answer to a command: what it says, or why it is not done. Throws what ends the whole transaction.
    mutating func answer(_ call: StoreCall) throws -> RESPValue {
        do {
            return try call.command.run(&self, call)
        } catch let error as CommandError {
            return .error(error.text)
        }
    }
}
