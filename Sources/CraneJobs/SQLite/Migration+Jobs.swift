public import CraneSQLite

extension Migration {
    /// The tables of `CraneJobs`, under the number that the program gives them among its own. Never changes.
    ///
    /// `job_ready` finds what is due by queue, limit key and priority without a look at what is due later; `job_minute` counts what
    /// has ended, for the last hours.
    public static func jobs(_ number: Int) -> Migration {
        Migration(
            number, "jobs",
            sql: """
                CREATE TABLE job (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    task TEXT NOT NULL,
                    queue TEXT NOT NULL,
                    priority INTEGER NOT NULL,
                    state TEXT NOT NULL DEFAULT 'waiting',
                    run_at INTEGER NOT NULL,
                    attempt INTEGER NOT NULL DEFAULT 0,
                    attempts INTEGER NOT NULL,
                    input TEXT NOT NULL,
                    unique_key TEXT,
                    limit_key TEXT NOT NULL,
                    key_limit INTEGER,
                    worker TEXT,
                    is_cancelled INTEGER NOT NULL DEFAULT 0,
                    progress REAL,
                    failures TEXT NOT NULL DEFAULT '[]',
                    created_at INTEGER NOT NULL,
                    started_at INTEGER,
                    finished_at INTEGER
                );
                CREATE INDEX job_ready ON job (queue, limit_key, priority, run_at) WHERE state = 'waiting';
                CREATE INDEX job_running ON job (queue, limit_key) WHERE state = 'running';
                CREATE UNIQUE INDEX job_once ON job (task, unique_key)
                    WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running');
                CREATE INDEX job_over ON job (state, finished_at) WHERE state NOT IN ('waiting', 'running');
                CREATE TABLE job_worker (
                    id TEXT PRIMARY KEY, node TEXT NOT NULL, started_at INTEGER NOT NULL, heartbeat_at INTEGER NOT NULL
                ) WITHOUT ROWID;
                CREATE TABLE job_queue (name TEXT PRIMARY KEY, is_paused INTEGER NOT NULL) WITHOUT ROWID;
                CREATE TABLE job_schedule (
                    name TEXT PRIMARY KEY, cron TEXT NOT NULL, zone TEXT NOT NULL, task TEXT NOT NULL,
                    next_at INTEGER NOT NULL
                ) WITHOUT ROWID;
                CREATE TABLE job_minute (
                    minute INTEGER PRIMARY KEY, done INTEGER NOT NULL, failed INTEGER NOT NULL
                );
                """)
    }

    /// The table of queues that have a ``JobRate``, for programs that declare one. Never changes.
    public static func jobRates(_ number: Int) -> Migration {
        Migration(
            number, "job rates",
            sql: "CREATE TABLE job_rate (queue TEXT PRIMARY KEY, full_at INTEGER NOT NULL) WITHOUT ROWID")
    }
}
