#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Whom a file belongs to and who may read it.
struct FileOwnership {
    private let user: uid_t
    private let group: gid_t
    private let mode: mode_t

    /// That of a copy of `source` at `path`: of the file that it replaces; or else of the directory, and open to no
    /// more than `source` is.
    init?(ofCopyAt path: String, of source: String?) {
        if let replaced = Self.status(of: path) {
            self.init(replaced, mode: replaced.st_mode & 0o777)
            return
        }
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard let status = Self.status(of: directory) else { return nil }
        let sourceMode = source.flatMap(Self.status)?.st_mode ?? 0o600
        self.init(status, mode: status.st_mode & sourceMode & 0o666 | 0o600)
    }

    private init(_ status: stat, mode: mode_t) {
        user = status.st_uid
        group = status.st_gid
        self.mode = mode
    }

    /// Gives it to the file, as far as this process may: only root gives files away.
    func apply(to path: String) {
        // In this order: who has given a file away may not change it, and chown(2) may take bits off.
        unsafe chmod(path, mode)
        _ = unsafe chown(path, user, group)
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }
}
