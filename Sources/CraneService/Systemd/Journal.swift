import CraneSystem

/// systemd's journal, which gives every line its time, and takes a priority at its beginning (sd-daemon(3)).
package enum Journal {
    /// Whether the journal reads standard error: `JOURNAL_STREAM` names its device and inode (systemd.exec(5)).
    package static func readsStandardError(environment: [String: String]) -> Bool {
        guard let parts = environment["JOURNAL_STREAM"]?.split(separator: ":"), parts.count == 2 else {
            return false
        }
        var status = stat()
        // The pointer lives for the call.
        guard unsafe fstat(STDERR_FILENO, &status) == 0 else { return false }
        return parts[0] == String(status.st_dev) && parts[1] == String(status.st_ino)
    }
}
