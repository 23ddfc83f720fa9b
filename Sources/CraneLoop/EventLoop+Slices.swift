import CraneSystem

extension EventLoop {
    /// Begins a slice: what runs on the loop without a wait. Each resumed task begins one too. Loop's thread.
    public func beginSlice() { executor.sliceStart = SystemTime.coarseMonotonic() }

    /// Nanoseconds since the slice began, to the system's tick (1 to 10 ms); begins the next. Loop's thread, some 5 ns.
    public func endSlice() -> UInt64 { executor.endSlice() }

    /// Whose work the resumed task does that runs now; forgotten when it waits again. Loop's thread.
    public var sliceOwner: AnyObject? {
        get { executor.sliceOwner }
        set { executor.sliceOwner = newValue }
    }

    /// Whether this turn of the loop has had its share of time: what else is ready waits for the next. Loop's thread.
    public var isTurnOver: Bool { executor.isTurnOver }

    /// Whether the present slice alone has taken a turn's share. Loop's thread, some 5 ns.
    public var isSliceLong: Bool { SystemTime.coarseMonotonic() &- executor.sliceStart >= executor.turnShare }

    /// How long may run in a turn before what else is ready waits for the next, in nanoseconds; before `run`.
    package var turnShare: UInt64 {
        get { executor.turnShare }
        set { executor.turnShare = newValue }
    }

    /// Called on the loop's thread after a resumed task has blocked the loop for so many nanoseconds without `endSlice`, with the
    /// owner that it named.
    public func onBlocked(
        longerThan threshold: UInt64, _ report: @escaping (_ held: UInt64, _ owner: AnyObject?) -> Void
    ) {
        executor.blockedReport = (threshold, report)
    }
}

extension LoopExecutor {
    /// 5 ms: two ticks of the clock where it has 250 a second, so that no short batch is cut by a tick that falls into it.
    static let usualTurnShare = 5_000_000

    func endSlice() -> UInt64 {
        let now = SystemTime.coarseMonotonic()
        let held = now &- sliceStart
        sliceStart = now
        spend(held)
        return held
    }

    /// Begins a resumed task's slice.
    func beginJob() { sliceStart = SystemTime.coarseMonotonic() }

    /// Ends it, and tells when it has been too long.
    func endJob() {
        let held = endSlice()
        if held > blockedReport.threshold { blockedReport.report(held, sliceOwner) }
        if sliceOwner != nil { sliceOwner = nil }
    }
}
