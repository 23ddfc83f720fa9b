import CraneSystem

/// What about a database file's place keeps a promise of durability from holding, as far as the system tells.
struct FileHazards {
    /// File systems over a network: SQLite's log needs shared memory and locks (https://sqlite.org/wal.html).
    private static func isRemote(_ type: String) -> Bool {
        switch type {
        case "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "afs", "coda", "glusterfs",
            "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone", "fuse.cephfs":
            true
        default: false
        }
    }

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
        // Bytes throughout: a container has hundreds of mounts, and to look for Swift's characters took a thirtieth of a start.
        var nearest: (point: [UInt8], type: Substring.UTF8View) = ([], ""[...].utf8)
        for line in mounts.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count > 6, let dash = fields.firstIndex(where: { $0.elementsEqual("-".utf8) }),
                dash + 1 < fields.count
            else { continue }
            let point = Self.unescaped(fields[4])
            // Of mounts on one place the last one counts.
            if Self.isAbove(point, path), point.count >= nearest.point.count {
                nearest = (point, fields[dash + 1])
            }
        }
        if nearest.point.elementsEqual(path.utf8) {
            descriptions.append(
                "the file is mounted by itself: its log lies outside of the mount, and what a crash has left there is "
                    + "lost with the container; mount the directory")
        }
        let type = String(Substring(nearest.type))
        if Self.isRemote(type) {
            descriptions.append(
                "the file lies on a file system over a network (\(type)), where SQLite's log is not safe"
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

    /// Whether the path is the mount's own or below it.
    private static func isAbove(_ point: [UInt8], _ path: String) -> Bool {
        guard path.utf8.starts(with: point) else { return false }
        return point.last == UInt8(ascii: "/") || path.utf8.count == point.count
            || path.utf8.dropFirst(point.count).first == UInt8(ascii: "/")
    }

    /// Spaces and the like are written as three octal digits.
    private static func unescaped(_ field: Substring.UTF8View) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(field)[...]
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
        return bytes
    }
}
