import CSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The file that a backup goes to: written under another name, and given its own when it is whole.
final class BackupFile {
    let connection: Connection
    private let path: String
    private let partialPath: String
    private let lock: FileLock
    private var isPublished = false

    init(path: String, of source: Connection) throws(DatabaseError) {
        self.path = path
        partialPath = path + ".partial"
        if let database = source.watchedFile(), database.contains(path) {
            throw DatabaseError(.cannotOpen, message: "\(path) is the database itself")
        }
        do {
            lock = try FileLock(path: partialPath, creating: true)
        } catch  where error.kind == .locked {
            throw DatabaseError(.busy, message: "another backup writes \(partialPath)")
        }
        // What an earlier attempt has left, its process having ended.
        unsafe truncate(partialPath, 0)
        for suffix in ["-journal", "-wal", "-shm"] {
            unsafe unlink(partialPath + suffix)
        }
        connection = try Connection(path: partialPath, isReader: false, creating: false)
        // Before there is anything in it to be read.
        FileOwnership(ofCopyAt: path, of: source.path)?.apply(to: partialPath)
        // The copy is of no use until it is whole, so nothing has to be undone.
        try connection.run("PRAGMA journal_mode = OFF")
        try connection.run("PRAGMA synchronous = FULL")
        try connection.run("PRAGMA fullfsync = ON")
    }

    deinit {
        connection.close()
        if !isPublished, lock.holdsName {
            unsafe unlink(partialPath)
        }
    }

    /// Gives the whole file its name, durably.
    ///
    /// `retire` is called just before, to let go of what has the name. A log that still lies there then is not removed,
    /// as it may be all that is left of a database, and not kept beside the new file either, into which it would be read.
    func publish(retire: () throws(DatabaseError) -> Void) throws(DatabaseError) {
        connection.close()
        guard lock.holdsName, lock.length > 0 else {
            throw DatabaseError(.ioError, message: "\(partialPath) is empty or has been removed")
        }
        // The copy says that it has a WAL, like its source; without one it can be read from anywhere.
        let whole = try Connection(path: partialPath, isReader: false, creating: false)
        try whole.run("PRAGMA fullfsync = ON")
        try whole.run("PRAGMA journal_mode = DELETE")
        whole.close()
        try retire()
        for suffix in ["-wal", "-journal"] where unsafe access(path + suffix, F_OK) == 0 {
            throw DatabaseError(
                .cannotOpen, message: "\(path + suffix) is there: it belongs to another database")
        }
        guard unsafe rename(partialPath, path) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw DatabaseError(.ioError, message: "cannot write \(path): \(reason)")
        }
        isPublished = true
        // The new name is on the disk when its directory is.
        let directory = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        let descriptor = unsafe open(String(directory), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            return
        }
        fsync(descriptor)
        close(descriptor)
    }
}
