import CraneSQLite
import CraneSystem

/// What all numbers of the log belong to: 32 random bits that are others as soon as numbers may have been given twice.
///
/// They are renewed by an import, by a restore, and by a start that finds another file in the place of the one before.
enum FeedEpoch {
    /// The present epoch, as positions name it: eight hexadecimal digits.
    static func current(_ connection: Connection) throws -> String {
        let row = try connection.prepare("SELECT epoch FROM change_epoch WHERE id = 1")
        guard try row.step() else { return "" }
        return text(try row.int("epoch"))
    }

    /// Begins another epoch.
    static func renew(_ connection: Connection) throws {
        try connection.prepare("UPDATE change_epoch SET epoch = random() & 4294967295 WHERE id = 1").run()
    }

    /// Begins another epoch unless the database is in the file that it was in, and remembers in which it is.
    ///
    /// - Parameter isDurable: whether a power failure takes no commit; if it may, a start of the machine is another file.
    static func settle(_ database: Database, at path: String?, isDurable: Bool) throws {
        guard let origin = origin(of: path, isDurable) else { return }
        try database.transaction { connection in
            let update = try connection.prepare(
                """
                UPDATE change_epoch SET epoch = random() & 4294967295, origin = :origin
                WHERE id = 1 AND origin <> :origin
                """)
            try update.bind("origin", origin)
            try update.run()
        }
    }

    /// The file as its inode tells it apart from others; `nil` for a database in memory.
    private static func origin(of path: String?, _ isDurable: Bool) -> String? {
        guard let path, let status = try? FilePlace(path).status() else { return nil }
        if isDurable { return "\(status.st_ino)" }
        let boot = try? FileDescriptor.open("/proc/sys/kernel/random/boot_id", O_RDONLY).readToEnd(limit: 64)
        return "\(status.st_ino)/" + String(decoding: (boot ?? nil) ?? [], as: UTF8.self)
    }

    private static func text(_ epoch: Int) -> String {
        let digits = String(epoch, radix: 16)
        return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    }
}
