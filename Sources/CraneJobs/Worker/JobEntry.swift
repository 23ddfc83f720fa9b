import CraneLoop
import CraneSchema

/// An attempt that runs, as its worker sees it: loop's thread only.
final class JobEntry {
    let job: RunningJob
    let claimed: ClaimedJob
    let task: (any AnyJobTask)?
    let startedAt: Timestamp
    /// When it is cancelled, and after that, when its job goes on without it.
    var deadline: Timestamp
    var phase = Phase.running

    enum Phase {
        case running
        /// Its handler has returned, and its end is not written yet.
        case ending
        /// It was given up while its handler goes on, which has its place until then.
        case abandoned
    }

    init(_ job: RunningJob, _ claimed: ClaimedJob, _ task: (any AnyJobTask)?, startedAt: Timestamp) {
        self.job = job
        self.claimed = claimed
        self.task = task
        self.startedAt = startedAt
        deadline = startedAt.advanced(by: task?.timeout ?? .seconds(60))
    }
}
