/// What waits, counted for metrics: cheap enough for every request of them.
public struct JobBacklog: Hashable, Sendable {
    /// Jobs that are due; 10,000 stands for that many and more.
    public var due = 0
    /// How long the one has been due that waits longest, as far as was counted.
    public var microseconds = 0
    /// Dead jobs that are kept; 10,000 stands for that many and more.
    public var dead = 0

    public init() {}
}
