import CraneSystem

/// The talk's work after the response: it waits, then adds a line to a file.
struct Processing: Sendable {
    let delay: Duration
    let file: String

    /// Bytes of the file, after which it takes no more lines until it has been moved away.
    static let limit = 64 << 20

    /// Why the line is not in the file.
    struct Failure: Error {
        let reason: String
    }

    /// Whether the file has had all that it takes.
    var isFull: Bool {
        var status = stat()
        // The path is passed as a C string, which lives for the call.
        return unsafe stat(file, &status) == 0 && status.st_size >= Self.limit
    }

    /// Blocks the calling thread: for a worker thread. Throws when the file cannot be written.
    func run(_ data: String) throws {
        let (seconds, attoseconds) = delay.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        // The structure lives for the call.
        unsafe nanosleep(&time, nil)
        let line = Array("Processed: \(OneLine.text(data))\n".utf8)
        do {
            let descriptor = try FileDescriptor.open(file, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
            // One write a line, so that lines of several loops do not mix (open(2), O_APPEND).
            guard try descriptor.writeSome(line[...]) == line.count else { throw SystemError(ENOSPC) }
        } catch {
            throw Failure(reason: "\(error)")
        }
    }
}
