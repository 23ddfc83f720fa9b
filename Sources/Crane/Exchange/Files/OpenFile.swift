import CraneSystem

/// A regular file that is open, for worker threads: every call may wait for the disk. Closed with its last reference.
final class OpenFile: Sendable {
    private let descriptor: Int32
    /// In bytes, when it was opened.
    let size: Int
    /// Seconds and nanoseconds since 1970.
    let modified: (seconds: Int64, nanoseconds: Int64)

    private init(descriptor: Int32) throws(FileError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw FileError(code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(code: ENOENT)
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
        modified = (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
    }

    deinit {
        close(descriptor)
    }

    /// Opens a file for reading; one that is no regular file counts as missing, and so does a name with a NUL, of which the
    /// system would take the beginning.
    convenience init(path: String) throws(FileError) {
        guard !path.utf8.contains(0) else { throw FileError(code: ENOENT) }
        // O_NONBLOCK: opening a named pipe must not wait for its other end; it means nothing to a regular file.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(code: errno) }
        try self.init(descriptor: descriptor)
    }

    /// Where files without a name are made: `TMPDIR`, or `/tmp`.
    // getenv(3) gives a string of the environment, which nobody changes while a server runs.
    private static let temporaryDirectory =
        unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"

    /// A new file without a name, gone when it is closed; the error names the directory.
    static func temporary(in directory: String = temporaryDirectory) throws(FileError) -> OpenFile {
        var template = Array("\(directory)/crane-XXXXXX".utf8CString)
        // mkstemp(3) puts the name into the array, which is ours.
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { throw FileError(code: errno, path: directory) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = unsafe unlink(template)
        return try OpenFile(descriptor: descriptor)
    }

    /// Up to `count` bytes from `offset` on; fewer at the end only.
    func read(from offset: Int, count: Int) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        // The room is as long as `count`; `filled` counts the bytes that pread(2) has put there.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            guard let start = room.baseAddress else { return }
            while filled < count {
                let length = unsafe pread(descriptor, start + filled, count - filled, off_t(offset + filled))
                if length < 0, errno == EINTR { continue }
                if length < 0 { failure = errno }
                if length <= 0 { break }
                filled += length
            }
        }
        if failure != 0 { throw FileError(code: failure) }
        return bytes
    }

    /// Writes all bytes at `offset`.
    func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        var written = 0
        while written < bytes.count {
            // The array outlives the call.
            let length = unsafe bytes.withUnsafeBytes { bytes in
                unsafe pwrite(
                    descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written,
                    off_t(offset + written))
            }
            if length < 0, errno == EINTR { continue }
            guard length > 0 else { throw FileError(code: errno) }
            written += length
        }
    }
}
