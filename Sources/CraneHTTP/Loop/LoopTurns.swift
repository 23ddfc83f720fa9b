/// A loop for what lives on it without a task.
package protocol LoopTurns: AnyObject, Sendable {
    /// Runs `call` in a later turn of the loop, in the order of the calls; any thread. False when the loop has ended.
    @discardableResult
    func execute(_ call: @escaping @Sendable () -> Void) -> Bool

    /// Runs `call` on the loop about so much later, to the second; on the loop.
    func execute(after delay: Duration, _ call: @escaping @Sendable () -> Void)

    /// Runs `call` once the loop has ended, when nothing else runs on it any more; on the loop.
    ///
    /// What lives on the loop and refers to it lets go of it here.
    func whenEnded(_ call: @escaping @Sendable () -> Void)

    /// Milliseconds of a clock that only goes forward, read once a turn; on the loop.
    var now: UInt64 { get }
}

/// A loop that has such turns, or one that stands for it.
package protocol LoopTurnsProvider {
    var turns: any LoopTurns { get }
}
