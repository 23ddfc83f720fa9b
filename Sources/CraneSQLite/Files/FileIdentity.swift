import CraneSystem

/// Which file it is, whatever its name: two names that lead to one file have the same.
struct FileIdentity: Equatable, Sendable {
    private let device: dev_t
    private let inode: ino_t

    init(_ status: stat) {
        device = status.st_dev
        inode = status.st_ino
    }

    /// The file that the path leads to, through links; nil where there is none.
    init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The file that is open.
    init?(_ descriptor: borrowing some SystemDescriptor & ~Copyable) {
        guard let status = try? descriptor.status() else { return nil }
        self.init(status)
    }
}
