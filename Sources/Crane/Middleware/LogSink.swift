import Dispatch
import Synchronization

/// Where log lines go: standard error, or a file that can be reopened for rotation.
///
/// A line is copied into a shared buffer under a short lock, from any thread; a thread in the background writes what has
/// come together, a tenth of a second later at most. The buffer is bounded: lines over the bound are dropped, and a line
/// that tells their number follows. A process that is killed loses that last tenth of a second.
public final class LogSink: Sendable {
    /// The shape of the lines.
    public enum Format: String, Sendable, CaseIterable {
        case text
        case json
    }

    private struct Pending {
        var bytes: [UInt8] = []
        var dropped = 0
        var isScheduled = false
        var isClosed = false
    }

    private struct Output {
        var file: LogFile
        /// The buffer that is not being filled: the two are exchanged at each write.
        var spare: [UInt8] = []
    }

    public let format: Format
    /// Whether systemd's journal reads the lines: each begins with its priority, `<6>` (sd-daemon(3)), and has no time.
    public let isJournal: Bool
    private let limit: Int
    private let pending = Mutex(Pending())
    // Touched by `queue` only; the lock is there for the compiler and never waits.
    private let output: Mutex<Output>
    private let queue = DispatchQueue(label: "crane.log")
    /// Ends the wait for a batch; a signal that nobody waited for makes one small batch.
    private let hurry = DispatchSemaphore(value: 0)

    /// A sink that writes to standard error.
    ///
    /// - Parameters:
    ///   - format: the form of the lines.
    ///   - isJournal: whether systemd's journal reads standard error.
    ///   - limit: the bytes that may wait to be written.
    public static func standardError(
        format: Format = .text, isJournal: Bool = false, limit: Int = 1 << 20
    ) -> LogSink {
        LogSink(file: .standardError, format: format, isJournal: isJournal, limit: limit)
    }

    /// A sink that appends to a file, which is made when it is not there; throws `LogFileError`.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - format: the form of the lines.
    ///   - limit: the bytes that may wait to be written.
    public convenience init(path: String, format: Format = .text, limit: Int = 1 << 20) throws {
        self.init(file: try LogFile(path: path), format: format, isJournal: false, limit: limit)
    }

    private init(file: LogFile, format: Format, isJournal: Bool, limit: Int) {
        self.format = format
        self.isJournal = isJournal
        self.limit = limit
        output = Mutex(Output(file: file))
    }

    /// Adds a line from any thread; a line feed is put at its end.
    public func write(_ line: String) {
        var line = line + "\n"
        line.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
    }

    /// Adds a line with its line feed.
    func append(_ line: UnsafeRawBufferPointer) {
        let mustSchedule = pending.withLock { pending in
            if pending.isClosed { return false }
            guard pending.bytes.count + line.count <= limit else {
                pending.dropped += 1
                return false
            }
            unsafe pending.bytes.append(contentsOf: line)
            defer { pending.isScheduled = true }
            return !pending.isScheduled
        }
        if mustSchedule { queue.async { self.writeSoon() } }
    }

    /// Returns once every line that came before the call has been written; blocks the thread.
    public func flush() {
        hurry.signal()
        queue.sync { writePending() }
    }

    /// One block a batch; waiting a little makes the batch. Runs on `queue`.
    ///
    /// A timer of Dispatch's would start its manager thread, which complains on standard error wherever it may not raise
    /// its priority.
    private func writeSoon() {
        _ = hurry.wait(timeout: .now() + .milliseconds(100))
        writePending()
    }

    /// Lines that were lost and not told of yet.
    var lost: Int { pending.withLock { $0.dropped } }

    /// Opens the file anew, after it was renamed for rotation; throws `LogFileError` and keeps the old one.
    ///
    /// Lines that came before the call go to the old file. Does nothing for standard error.
    public func reopen() throws {
        hurry.signal()
        try queue.sync {
            writePending()
            try output.withLock { $0.file = try $0.file.reopened() }
        }
    }

    /// Writes what waits and takes no more lines; blocks the thread.
    public func close() {
        pending.withLock { $0.isClosed = true }
        flush()
    }

    /// Writes what waits. Runs on `queue`.
    private func writePending() {
        output.withLock { output in
            let dropped = pending.withLock { pending in
                swap(&pending.bytes, &output.spare)
                pending.isScheduled = false
                defer { pending.dropped = 0 }
                return pending.dropped
            }
            var lost = output.file.write(output.spare)
            output.spare.removeAll(keepingCapacity: true)
            if lost == 0, dropped > 0 {
                lost = output.file.write(Array(lossNotice(dropped).utf8)) * dropped
            } else {
                lost += dropped
            }
            // Told after the next batch.
            if lost > 0 { pending.withLock { $0.dropped += lost } }
        }
    }

    private func lossNotice(_ count: Int) -> String {
        let priority = isJournal ? "<4>" : ""
        return switch format {
        case .text: "\(priority)\(count) log lines were lost: they could not be written fast enough\n"
        case .json: "\(priority){\"lost_lines\":\(count)}\n"
        }
    }
}
