import CSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The database file, its WAL and the WAL's index as they were opened, to notice that a name leads elsewhere by now.
///
/// SQLite would go on writing to files that nobody can open again, and the answers would promise what a restart
/// cannot keep.
struct WatchedFile {
    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    private let paths: [String]
    private let identities: [Identity?]

    init(paths: [String]) {
        self.paths = paths
        identities = paths.map(Self.identity)
    }

    /// Throws when a file is gone or is another one; costs a `stat` for each.
    func check() throws(DatabaseError) {
        for (path, identity) in zip(paths, identities) where Self.identity(of: path) != identity {
            let code = SQLITE_READONLY | (4 << 8)  // SQLITE_READONLY_DBMOVED
            throw DatabaseError(code: code, message: "\(path) has been moved or removed")
        }
    }

    /// Whether the path leads to one of the files, by whatever name.
    func contains(_ path: String) -> Bool {
        guard let identity = Self.identity(of: path) else {
            return false
        }
        return identities.contains(identity)
    }

    private static func identity(of path: String) -> Identity? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            return nil
        }
        return Identity(device: status.st_dev, inode: status.st_ino)
    }
}
