import CraneSystem

/// A database at rest that is read without locks, and without its log, which has nothing in it.
struct UnchangingFile {
    private let path: String
    private let before: stat

    /// Looks at the file of a connection that cannot read it with locks.
    ///
    /// - Throws: `cannotOpen` when its log holds something, or another has it open.
    init(of connection: Connection) throws(DatabaseError) {
        guard let path = connection.path, let walPath = connection.walPath,
            let before = Self.status(path)
        else { throw DatabaseError(.cannotOpen, message: "unable to open database file") }
        self.path = path
        self.before = before
        if let log = Self.status(walPath), log.st_size > 0 {
            throw DatabaseError(
                .cannotOpen,
                message:
                    "\(walPath) holds the last changes, and is read only where one may write: run this as the "
                    + "file's owner, or copy both to another directory")
        }
        if Self.status(path + "-shm") != nil {
            throw DatabaseError(
                .cannotOpen, message: "another process has the database open: run this as the file's owner")
        }
    }

    /// Throws when the file has changed since.
    func check() throws(DatabaseError) {
        guard let now = Self.status(path), FileIdentity(now) == FileIdentity(before),
            now.st_size == before.st_size, Self.changeTime(now) == Self.changeTime(before)
        else { throw DatabaseError(.busy, message: "the database was changed while it was read: try again") }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    private static func changeTime(_ status: stat) -> [Int] {
        let time = status.st_mtim
        return [Int(time.tv_sec), Int(time.tv_nsec)]
    }
}
