/// What cannot be done with a job.
public enum JobError: Error, Hashable, Sendable {
    /// An input, a key or a priority that no job has; the text says which and why.
    case invalid(String)
    /// The job is no longer this attempt's: it has ended, or was given to another worker. What was to be its effect must not be.
    case lost
    /// The job is not in a state for that; the text says which it is in.
    case conflict(String)
}

extension JobError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalid(let text), .conflict(let text): text
        case .lost: "the job has ended, or runs elsewhere"
        }
    }
}

/// What a handler throws to say what becomes of its job; any other error is tried again after the task's back-off.
public enum JobFailure: Error, Hashable, Sendable {
    /// No further attempt helps: the job is dead, and an operator can have it tried again.
    case giveUp(String)
    /// The next attempt comes after this time, if one is left.
    case again(after: Duration, String)
}

extension JobFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .giveUp(let text), .again(_, let text): text
        }
    }
}
