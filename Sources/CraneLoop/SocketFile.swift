import CLibUV
import CraneSystem

/// The file of a Unix socket that this process has bound, removed when nobody holds this any more.
///
/// Whoever has put another file in its place keeps that: the file is held open (O_PATH, open(2)), so that no other can have its
/// inode's number.
package final class SocketFile: Sendable {
    private let path: String
    private let descriptor: Int32

    // O_PATH, which the imported headers leave out.
    private static let looking: Int32 = 0o10_000_000

    /// - Parameter mode: who may connect, by the bits for writing (unix(7)); the process's umask does not count.
    init(_ path: String, mode: UInt32) throws(UVError) {
        self.path = path
        // Paths are passed as C strings, which live for the calls.
        descriptor = unsafe open(path, Self.looking | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        guard let status = Self.status(of: descriptor), status.st_mode & S_IFMT == S_IFSOCK else {
            throw .addressInUse
        }
        if status.st_mode & 0o7777 == mode { return }
        // A descriptor of this kind is changed by its name in /proc alone (fchmod(2), EBADF).
        guard unsafe chmod("/proc/self/fd/\(descriptor)", mode) == 0 else { throw .last }
    }

    deinit {
        guard descriptor >= 0 else { return }
        if isInPlace { _ = unsafe unlink(path) }
        _ = close(descriptor)
    }

    private var isInPlace: Bool {
        var found = stat()
        guard let own = Self.status(of: descriptor), unsafe lstat(path, &found) == 0 else { return false }
        return found.st_dev == own.st_dev && found.st_ino == own.st_ino
    }

    private static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status : nil
    }
}
