import CraneService
import CraneSystem

/// A line on the terminal that tells how far a command is; nothing where standard error is no terminal.
final class ProgressLine {
    private let verb: String
    private let isShown = isatty(STDERR_FILENO) == 1
    private var shown = -1

    init(_ verb: String) {
        self.verb = verb
    }

    /// Shows the part that is done, from 0 to 1, when its percentage has moved.
    func show(_ part: Double) {
        let percentage = Int(min(max(part, 0), 1) * 100)
        guard isShown, percentage != shown else { return }
        shown = percentage
        StandardStreams.writeError("\r\(verb) \(percentage) %")
    }

    /// Shows so many of a total; of an unknown one nothing.
    func show(_ done: Int, of total: Int) {
        if total > 0 { show(Double(done) / Double(total)) }
    }

    deinit {
        if shown >= 0 { StandardStreams.writeError("\n") }
    }
}
