public import CraneSQLite

extension Migration {
    /// The tables of Celery's broker: messages in their queues and with workers, and the keys of results, chords and bindings.
    ///
    /// A queue's next message is the one with the lowest place; what comes to its front has a negative one. Names begin with the
    /// number of the Redis database and a slash.
    public static func celery(_ number: Int) -> Migration {
        Migration(
            number, "celery",
            sql: """
                CREATE TABLE celery_message (
                    id INTEGER PRIMARY KEY,
                    queue TEXT NOT NULL,
                    place INTEGER NOT NULL,
                    body BLOB NOT NULL,
                    tag TEXT,
                    task TEXT,
                    task_id TEXT,
                    is_transient INTEGER NOT NULL,
                    created_at INTEGER NOT NULL,
                    taken_at INTEGER,
                    returned INTEGER NOT NULL DEFAULT 0
                );
                CREATE INDEX celery_message_waiting ON celery_message (queue, place) WHERE taken_at IS NULL;
                CREATE INDEX celery_message_taken ON celery_message (tag) WHERE taken_at IS NOT NULL;
                CREATE TABLE celery_key (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL UNIQUE,
                    kind INTEGER NOT NULL,
                    value BLOB,
                    expires_at INTEGER
                );
                CREATE INDEX celery_key_expiry ON celery_key (expires_at) WHERE expires_at IS NOT NULL;
                CREATE TABLE celery_member (
                    key INTEGER NOT NULL REFERENCES celery_key ON DELETE CASCADE,
                    member BLOB NOT NULL,
                    score REAL NOT NULL,
                    PRIMARY KEY (key, member)
                ) WITHOUT ROWID;
                """)
    }
}
