import CraneSystem

/// A regular file that is open, for worker threads: every call may wait for the disk. Closed with its last reference.
final class OpenFile: Sendable {
    private let descriptor: FileDescriptor
    /// In bytes, when it was opened.
    let size: Int
    /// Seconds and nanoseconds since 1970.
    let modified: (seconds: Int64, nanoseconds: Int64)

    private init(_ descriptor: consuming FileDescriptor) throws(SystemError) {
        let status = try descriptor.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(ENOENT) }
        self.descriptor = descriptor
        size = Int(status.st_size)
        modified = (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec))
    }

    /// Opens a file for reading; one that is no regular file counts as missing, and so does a name with a NUL, of which the
    /// system would take the beginning.
    convenience init(path: String) throws(FileError) {
        guard !path.utf8.contains(0) else { throw FileError(code: ENOENT) }
        do {
            // O_NONBLOCK: opening a named pipe must not wait for its other end; it means nothing to a regular file.
            try self.init(FileDescriptor.open(path, O_RDONLY | O_NONBLOCK))
        } catch {
            throw FileError(error)
        }
    }

    /// A new file without a name, gone when it is closed; the error names the directory.
    static func temporary(
        in directory: String = FileDescriptor.temporaryDirectory
    ) throws(FileError) -> OpenFile {
        do {
            return try OpenFile(FileDescriptor.temporary(in: directory))
        } catch {
            throw FileError(error, path: directory)
        }
    }

    /// Up to `count` bytes from `offset` on; fewer at the end only.
    func read(from offset: Int, count: Int) throws(FileError) -> [UInt8] {
        do { return try descriptor.read(count, at: offset) } catch { throw FileError(error) }
    }

    /// Writes all bytes at `offset`.
    func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        do { try descriptor.write(bytes, at: offset) } catch { throw FileError(error) }
    }
}
