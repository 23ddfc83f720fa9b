import Crane
import CraneSQLite

extension DatabaseCounters {
    /// What the database's writer counts, for those who collect metrics.
    var metrics: [Metric] {
        [
            .counter("database_batches_total", "Batches of writes committed.", batches),
            .counter("database_writes_total", "Writes committed.", writes),
            .counter("database_write_failures_total", "Writes that failed.", failures),
            .counter(
                "database_commit_seconds_total", "Time spent in committing.", Double(commitNanoseconds) / 1e9),
            .counter("database_checkpoints_total", "Times the whole log was moved.", checkpoints),
            .gauge("database_largest_batch", "Writes in the largest batch.", largestBatch),
            .gauge("database_write_queue_length", "Writes that wait.", queueLength),
            .gauge("database_wal_bytes", "Length of the write-ahead log.", walBytes),
        ]
    }
}
