public import CranePostgres

extension PostgresMigration {
    /// The tables of `CraneJobs`, under the number that the program gives them among its own. Never changes.
    ///
    /// As `Migration.jobs` and `Migration.jobRates` of SQLite. Keys are bytes, which compare as they do there and may be any text. What ends
    /// in a minute is counted by worker, so that none waits for another's transaction.
    public static func jobs(_ number: Int) -> PostgresMigration {
        PostgresMigration(
            number, "jobs",
            sql: """
                CREATE TABLE job (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    task text NOT NULL,
                    queue text NOT NULL,
                    priority smallint NOT NULL,
                    state text NOT NULL DEFAULT 'waiting',
                    run_at timestamptz NOT NULL,
                    attempt int NOT NULL DEFAULT 0,
                    attempts int NOT NULL,
                    input text NOT NULL,
                    unique_key bytea,
                    limit_key bytea NOT NULL,
                    key_limit bigint,
                    worker text,
                    is_cancelled boolean NOT NULL DEFAULT false,
                    progress double precision,
                    failures text NOT NULL DEFAULT '[]',
                    created_at timestamptz NOT NULL,
                    started_at timestamptz,
                    finished_at timestamptz
                ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
                CREATE INDEX job_ready ON job (queue, limit_key, priority, run_at, id) WHERE state = 'waiting';
                CREATE INDEX job_running ON job (queue, limit_key) WHERE state = 'running';
                CREATE UNIQUE INDEX job_once ON job (task, unique_key)
                    WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running');
                CREATE INDEX job_over ON job (state, finished_at) WHERE finished_at IS NOT NULL;
                CREATE TABLE job_worker (
                    id text PRIMARY KEY, node text NOT NULL, started_at timestamptz NOT NULL, heartbeat_at timestamptz NOT NULL
                );
                CREATE TABLE job_queue (name text PRIMARY KEY);
                CREATE TABLE job_schedule (
                    name text PRIMARY KEY, cron text NOT NULL, zone text NOT NULL, task text NOT NULL,
                    next_at timestamptz NOT NULL
                );
                CREATE TABLE job_minute (
                    minute bigint, worker text, done bigint NOT NULL, failed bigint NOT NULL, PRIMARY KEY (minute, worker)
                );
                CREATE TABLE job_rate (queue text PRIMARY KEY, full_at bigint NOT NULL);
                """)
    }
}
