import CLibUV
import CraneSystem

/// The file of a Unix socket that this process has bound, removed when nobody holds this any more.
///
/// Whoever has put another file in its place keeps that: the file is held open (O_PATH, open(2)), so that no other can have its
/// inode's number.
package final class SocketFile: Sendable {
    private let path: String
    private let descriptor: FileDescriptor

    /// - Parameter mode: who may connect, by the bits for writing (unix(7)); the process's umask does not count.
    init(_ path: String, mode: UInt32) throws(SystemError) {
        self.path = path
        let found = try FileDescriptor.open(path, FileDescriptor.lookingOnly | O_NOFOLLOW)
        // Another's file is not ours to remove.
        guard let status = try? found.status(), status.st_mode & S_IFMT == S_IFSOCK else {
            throw SystemError(EADDRINUSE)
        }
        descriptor = found
        if status.st_mode & 0o7777 == mode { return }
        // A descriptor of this kind is changed by its name in /proc alone (fchmod(2), EBADF).
        guard unsafe chmod("/proc/self/fd/\(descriptor.number)", mode) == 0 else { throw .last }
    }

    deinit {
        // The path is a C string for the length of the call.
        if isInPlace { _ = unsafe unlink(path) }
    }

    private var isInPlace: Bool {
        var found = stat()
        guard let own = try? descriptor.status(), unsafe lstat(path, &found) == 0 else { return false }
        return found.st_dev == own.st_dev && found.st_ino == own.st_ino
    }
}
