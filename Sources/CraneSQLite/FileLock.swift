#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An advisory lock on a file, which goes with the value, and with the process however that ends.
///
/// It is one of the open file (fcntl(2), F_OFD_SETLK): it counts within a process too. Closing a file drops the
/// process's own locks on it, so this is only for files on which SQLite takes none, or none that matter.
final class FileLock {
    // Far beyond SQLite's own lock bytes (https://sqlite.org/lockingv3.html) and the end of any file.
    private static let byte = off_t(1) << 60

    // F_OFD_SETLK, which the imported headers leave out.
    #if canImport(Darwin)
    private static let setLock: Int32 = 90
    #else
    private static let setLock: Int32 = 37
    #endif

    private let path: String
    private let descriptor: Int32

    /// Opens the file, making it for its owner alone when `creating`, and takes the lock without waiting.
    ///
    /// - Throws: `locked` when another has it; `moved` when the name leads elsewhere by then; `cannotOpen`, `ioError`.
    init(path: String, creating: Bool = false) throws(DatabaseError) {
        self.path = path
        let access = O_RDWR | O_CLOEXEC | O_NOFOLLOW
        // The path is a terminated string for the length of the call.
        descriptor = unsafe open(path, creating ? access | O_CREAT : access, 0o600)
        guard descriptor >= 0 else {
            throw Self.failure(.cannotOpen, path)
        }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.byte
        lock.l_len = 1
        // The structure outlives the call.
        guard unsafe fcntl(descriptor, Self.setLock, &lock) == 0 else {
            let isTaken = errno == EAGAIN || errno == EACCES
            throw isTaken
                ? DatabaseError(.locked, message: "another process has locked \(path)")
                : Self.failure(.ioError, path)
        }
        // Its last holder may have removed or renamed the file between the two calls.
        guard holdsName else {
            throw DatabaseError(.moved, message: "\(path) has been moved or removed")
        }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
        }
    }

    /// Whether the name still leads to the locked file.
    var holdsName: Bool {
        var named = stat()
        var held = stat()
        guard unsafe stat(path, &named) == 0, unsafe fstat(descriptor, &held) == 0 else { return false }
        return named.st_dev == held.st_dev && named.st_ino == held.st_ino
    }

    /// The file's length in bytes.
    var length: Int {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private static func failure(_ kind: DatabaseError.Kind, _ path: String) -> DatabaseError {
        DatabaseError(kind, message: unsafe "\(path): \(String(cString: strerror(errno)))")
    }
}
