import CraneSystem

/// What about a database file's place keeps a promise of durability from holding, as far as the system tells.
struct FileHazards {
    /// File systems over a network: SQLite's log needs shared memory and locks (https://sqlite.org/wal.html).
    private static let remote: Set<Substring> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "afs", "coda", "glusterfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone", "fuse.cephfs",
    ]

    /// A sentence for each hazard.
    let descriptions: [String]

    /// - Parameter mounts: the content of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
    init(of owner: FileOwner, mounts: String) {
        self.init(path: owner.place.path, names: owner.names, mounts: mounts)
    }

    init(path: String, names: Int, mounts: String) {
        var descriptions: [String] = []
        if names > 1 {
            descriptions.append(
                "the file has \(names) names (hard links): its log lies beside this one, and who opens another misses "
                    + "what a crash has left there")
        }
        var nearest: (point: String, type: Substring) = ("", "")
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else {
                continue
            }
            let point = Self.unescaped(fields[4])
            let isAbove = path == point || path.hasPrefix(point.hasSuffix("/") ? point : point + "/")
            // Of mounts on one place the last one counts.
            if isAbove, point.utf8.count >= nearest.point.utf8.count {
                nearest = (point, fields[dash + 1])
            }
        }
        if nearest.point == path {
            descriptions.append(
                "the file is mounted by itself: its log lies outside of the mount, and what a crash has left there is "
                    + "lost with the container; mount the directory")
        }
        if Self.remote.contains(nearest.type) {
            descriptions.append(
                "the file lies on a file system over a network (\(nearest.type)), where SQLite's log is not safe"
            )
        }
        self.descriptions = descriptions
    }

    /// The system's list of mounts; empty where it has none.
    static func mounts() -> String {
        // A list is some kilobytes long.
        let text = try? FileDescriptor.open("/proc/self/mountinfo", O_RDONLY).readToEnd(limit: 4 << 20)
        return String(decoding: text ?? [], as: UTF8.self)
    }

    /// Spaces and the like are written as three octal digits.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest.removeFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
