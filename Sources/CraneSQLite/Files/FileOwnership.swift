import CraneSystem

/// Whom a new file belongs to and who may read it.
struct FileOwnership {
    private let user: uid_t
    private let group: gid_t
    /// What the file is made with; the process's umask may take more off.
    let mode: mode_t
    /// The mode of the file that is replaced, which the umask does not change.
    private let kept: mode_t?

    /// That of a copy of `source` at `place`: of the file that it replaces; or else of the directory, and open to no
    /// more than `source` is.
    init(ofCopyAt place: FilePlace, of source: String?) {
        if let replaced = place.status() {
            (user, group) = (replaced.st_uid, replaced.st_gid)
            kept = replaced.st_mode & 0o777
            mode = 0o600
            return
        }
        let directory = (try? place.directory.status()) ?? Self.unknown
        (user, group) = (directory.st_uid, directory.st_gid)
        kept = nil
        var original = stat()
        let isKnown = source.map { unsafe stat($0, &original) == 0 } ?? false
        mode = directory.st_mode & (isKnown ? original.st_mode : 0o600) & 0o666 | 0o600
    }

    /// Of a directory that tells nothing: this process's alone.
    private static var unknown: stat {
        var status = stat()
        status.st_uid = geteuid()
        return status
    }

    /// Gives it to the open file, as far as this process may: only root gives files away.
    func apply(to descriptor: Int32) {
        // In this order: who has given a file away may not change it, and chown(2) may take bits off.
        if let kept { fchmod(descriptor, kept) }
        _ = fchown(descriptor, user, group)
    }
}
