#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The talk's work after the answer: it waits, then adds a line to a file.
struct Processing: Sendable {
    let delay: Duration
    let file: String

    /// Why the line is not in the file.
    struct Failure: Error {
        let reason: String
    }

    /// Blocks the calling thread: for a worker thread. Throws when the file cannot be written.
    func run(_ data: String) throws {
        let (seconds, attoseconds) = delay.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        // The structure lives for the call.
        unsafe nanosleep(&time, nil)
        // The path is passed as a C string, which lives for the call.
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Failure(reason: SystemError.last) }
        defer { close(descriptor) }
        let line = Array("Processed: \(data)\n".utf8)
        // One write a line, so that lines of several loops do not mix (open(2), O_APPEND).
        let count = unsafe line.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count == line.count else { throw Failure(reason: SystemError.last) }
    }
}
