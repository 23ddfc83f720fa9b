import CraneSystem

/// An open log file, or standard error; closed with its last reference.
final class LogFile: Sendable {
    static let standardError = LogFile(descriptor: STDERR_FILENO, path: nil)

    private let descriptor: Int32
    private let path: String?
    /// Bytes handed to one write(2): a pipe that poll(2) calls writable takes this many without waiting (pipe(7)).
    private let chunk: Int

    private init(descriptor: Int32, path: String?) {
        self.descriptor = descriptor
        self.path = path
        var status = stat()
        // The pointer lives for the call.
        let isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        chunk = isFile ? .max : 4096
    }

    /// Opens `path` for appending; throws `LogFileError`.
    convenience init(path: String) throws(LogFileError) {
        // The system would take what stands before a NUL for the path.
        guard !path.utf8.contains(0) else { throw LogFileError(path: path, code: EINVAL) }
        // The string's bytes live for the call.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o640)
        guard descriptor >= 0 else { throw LogFileError(path: path, code: errno) }
        self.init(descriptor: descriptor, path: path)
    }

    deinit {
        if path != nil { _ = close(descriptor) }
    }

    /// The same path, opened anew; standard error stays what it is.
    func reopened() throws(LogFileError) -> LogFile {
        guard let path else { return self }
        return try LogFile(path: path)
    }

    /// Writes whole lines; returns how many were lost to a full disk, a closed pipe, or a reader that took nothing for
    /// two seconds.
    func write(_ lines: [UInt8]) -> Int {
        var written = 0
        while written < lines.count {
            let length = min(chunk, lines.count - written)
            guard isWritable() else { break }
            // The array outlives the call, and the range is inside it.
            let result = unsafe lines.withUnsafeBytes {
                unsafe Self.write(descriptor, $0.baseAddress, written, length)
            }
            if result >= 0 {
                written += result
            } else if errno != EINTR && errno != EAGAIN {
                break
            }
        }
        return lines[written...].count { $0 == UInt8(ascii: "\n") }
    }

    private static func write(
        _ descriptor: Int32, _ base: UnsafeRawPointer?, _ offset: Int, _ length: Int
    ) -> Int {
        guard let base = unsafe base else { return 0 }
        return unsafe Glibc.write(descriptor, base + offset, length)
    }

    private func isWritable() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // The pointer lives for the call.
        return unsafe poll(&entry, 1, 2000) != 0
    }
}
