import Crane
import CranePasswords
import CranePostgres
import CraneSQLite
import CraneSchema

// The end of a copy, in one transaction.
extension PostgresCopy {
    /// Copies users, the hashes of their tokens, and the key that comments' tokens are signed with; how many users.
    func copyUsers() throws -> Int {
        // The demo user of a node that was started before.
        try session.execute("DELETE FROM \"user\"")
        let users = try source.read { connection in
            try connection.select(UserEntry.self, "WHERE is_demo = 0 ORDER BY id")
        }
        for entry in users {
            try session.execute(
                """
                INSERT INTO "user" (id, name, password_hash, is_disabled, is_moderator, created_at)
                VALUES (\(entry.user.id), \(PostgresBytes(Array(entry.user.name.utf8))), \(entry.password.text),
                    \(entry.isDisabled), \(entry.isModerator), \(entry.createdAt))
                """)
        }
        try source.read { connection in
            let tokens = try connection.prepare(
                "SELECT token.* FROM token JOIN user ON user.id = token.user_id WHERE user.is_demo = 0")
            while try tokens.step() {
                let end = try tokens.value("expires_at", as: Timestamp?.self)
                try session.execute(
                    """
                    INSERT INTO token (hash, user_id, created_at, expires_at)
                    VALUES (\(PostgresBytes(try tokens.blob("hash"))), \(try tokens.int("user_id")),
                        \(try tokens.value("created_at", as: Timestamp.self)), \(end))
                    """)
            }
            let secrets = try connection.prepare("SELECT name, bytes FROM secret")
            while try secrets.step() {
                try session.execute(
                    """
                    INSERT INTO secret (name, bytes)
                    VALUES (\(try secrets.text("name")), \(PostgresBytes(try secrets.blob("bytes"))))
                    ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes
                    """)
            }
        }
        return users.count
    }

    /// Has ids go on behind the highest that was ever given, and says that the copy is whole; how many comments it has.
    func end() throws -> Int {
        let comments = try source.read { connection in
            for table in ["comment", "user", "talk", "job"] {
                let row = try connection.prepare(
                    "SELECT ifnull(max(seq), 0) AS last FROM sqlite_sequence WHERE name = :name")
                try row.bind("name", table)
                let last = try row.step() ? row.int("last") : 0
                try session.execute(
                    "SELECT setval(pg_get_serial_sequence(\("\"\(table)\""), 'id'), \(max(last, 1)), \(last > 0))"
                )
            }
            try session.execute("UPDATE feed_epoch SET epoch = \(try FeedEpoch.current(connection))")
            return try Self.count("comment", connection)
        }
        let copied = try session.execute("SELECT count(*) AS total FROM comment")[0].int("total")
        guard copied == comments else {
            throw OperationError(
                "\(copied) of \(comments) comments are there: something else has written meanwhile")
        }
        try session.execute("UPDATE copy SET is_over = true")
        return comments
    }
}
