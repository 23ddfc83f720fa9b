import CraneSystem
import Synchronization

/// A regular file that is open, for worker threads: every call may wait for the disk. Closed with its last reference.
final class OpenFile: Sendable {
    private let descriptor: FileDescriptor
    /// In bytes, when it was opened.
    let size: Int
    /// Seconds and nanoseconds since 1970.
    let modified: (seconds: Int64, nanoseconds: Int64)
    /// Whether it was made without a name, and has none yet.
    private let isNameless: Atomic<Bool>

    private init(_ descriptor: consuming FileDescriptor, isNameless: Bool = false) throws(SystemError) {
        let status = try descriptor.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(ENOENT) }
        self.descriptor = descriptor
        self.isNameless = Atomic(isNameless)
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
            return try OpenFile(FileDescriptor.temporary(in: directory), isNameless: true)
        } catch {
            throw FileError(error, path: directory)
        }
    }

    /// Makes a file where nothing is; only the process may read it yet.
    convenience init(creating path: String) throws(FileError) {
        do {
            try self.init(FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600))
        } catch {
            throw FileError(error, path: path)
        }
    }

    /// Takes over a descriptor.
    convenience init(of descriptor: consuming FileDescriptor) throws(FileError) {
        do { try self.init(descriptor) } catch { throw FileError(error) }
    }

    /// Up to `count` bytes from `offset` on; fewer at the end only.
    func read(from offset: Int, count: Int) throws(FileError) -> [UInt8] {
        do { return try descriptor.read(count, at: offset) } catch { throw FileError(error) }
    }

    /// Writes all bytes at `offset`.
    func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        do { try descriptor.write(bytes, at: offset) } catch { throw FileError(error) }
    }

    func setMode(_ mode: UInt32) throws(SystemError) { try descriptor.setMode(mode) }

    /// Whether it may be given a name, which it may once: files with two names would change together.
    func takeName() -> Bool { isNameless.exchange(false, ordering: .relaxed) }

    func link(as path: String) throws(SystemError) { try descriptor.link(as: path) }
}

/// A folder that is open, for worker threads.
struct OpenFolder: ~Copyable {
    private let descriptor: FileDescriptor
    /// Where it is, with a slash at its end.
    private let place: String

    /// Throws ENOENT and its like for what is no folder.
    init(_ path: String) throws(FileError) {
        let descriptor = try OpenFolder.opening(path) { path throws(SystemError) in
            try FileDescriptor.open(path, FileDescriptor.lookingOnly | O_DIRECTORY)
        }
        let place = try OpenFolder.place(of: descriptor)
        self.descriptor = descriptor
        self.place = place == "/" ? place : place + "/"
    }

    /// Opens a file in it, or in a folder below; a symbolic link that leads out of it counts as missing.
    ///
    /// - Parameter name: without a slash at its beginning, and without `..`.
    func file(_ name: String) throws(FileError) -> OpenFile {
        let file = try OpenFolder.opening(name) { name throws(SystemError) in
            try descriptor.open(name, O_RDONLY | O_NONBLOCK)
        }
        // What has been opened is asked, not the path, which may come to mean another file meanwhile.
        guard try OpenFolder.place(of: file).begins(with: place) else {
            throw FileError(code: ENOENT, path: name)
        }
        return try OpenFile(of: file)
    }

    private static func place(of file: borrowing FileDescriptor) throws(FileError) -> String {
        do { return try file.path() } catch { throw FileError(error) }
    }

    /// A path with a NUL is the name of nothing.
    private static func opening(
        _ path: String, _ open: (String) throws(SystemError) -> FileDescriptor
    ) throws(FileError) -> FileDescriptor {
        do throws(SystemError) {
            return try open(path)
        } catch {
            throw FileError(error.code == EINVAL ? SystemError(ENOENT) : error, path: path)
        }
    }
}
