import Crane
import CraneJobs

extension JobCounters {
    /// What the jobs' worker counts, for those who collect metrics.
    var metrics: [Metric] {
        [
            .counter("jobs_started_total", "Attempts of jobs begun.", started),
            .counter("jobs_done_total", "Jobs done.", done),
            .counter("jobs_failed_total", "Attempts of jobs that failed.", failed),
            .counter("jobs_dead_total", "Jobs whose last attempt failed.", dead),
            .counter("jobs_cancelled_total", "Jobs cancelled while they ran.", cancelled),
            .counter("jobs_run_seconds_total", "Time that attempts have taken.", Double(microseconds) / 1e6),
            .gauge("jobs_running", "Attempts that run now.", running),
        ]
    }
}

extension JobBacklog {
    /// What waits, for those who collect metrics.
    var metrics: [Metric] {
        [
            .gauge("jobs_due", "Jobs that are due and wait; 10000 stands for that many and more.", due),
            .gauge(
                "jobs_latency_seconds", "How long the job has been due that waits longest.",
                Double(microseconds) / 1e6),
            .gauge("jobs_dead", "Dead jobs that are kept; 10000 stands for that many and more.", dead),
        ]
    }
}
