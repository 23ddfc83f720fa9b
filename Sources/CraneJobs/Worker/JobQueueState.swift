import CraneSchema

/// How many jobs of a queue run at once.
struct JobQueueLimits: Hashable, Sendable {
    /// In this process.
    var concurrency: Int
    /// In all.
    var limit: Int?
    /// How many begin in a time, in all.
    var rate: JobRate?
}

/// A queue as its worker sees it.
struct JobQueueState {
    let limits: JobQueueLimits
    /// Attempts that run, or whose end is not written yet.
    var running = 0
    /// Something may be due.
    var isReady = true
    /// When something will be.
    var next: Timestamp?
    /// What is due waits for an end.
    var isBlocked = false
    /// Behind which limit key to look next; `nil` where a round begins anew.
    var after: String?
    /// Whether this round over the limit keys has brought something.
    private var hasBrought = false

    var free: Int { limits.concurrency - running }

    init(_ limits: JobQueueLimits) { self.limits = limits }

    /// Takes over what a claim has brought.
    mutating func took(_ claimed: JobClaimResult, of claim: JobClaim) {
        running += claimed.jobs.count
        if let time = claimed.next { isDue(at: time) }
        let beginsRound = claim.after == nil
        isBlocked = claimed.isBlocked || (isBlocked && !beginsRound)
        hasBrought = !claimed.jobs.isEmpty || (hasBrought && !beginsRound)
        after = claimed.after
        // Where nothing could be looked at, what has stopped it says when to go on.
        if claimed.jobs.isEmpty, claimed.after == claim.after { return }
        if claimed.after != nil {
            isReady = true
        } else if beginsRound ? claimed.jobs.count >= claim.count : hasBrought {
            // A full hand, or a round that has brought something: there may be more.
            isReady = true
        }
    }

    mutating func isDue(at time: Timestamp) { next = min(next ?? time, time) }

    /// A place is free again.
    mutating func ended() {
        running -= 1
        if isBlocked { isReady = true }
    }
}
