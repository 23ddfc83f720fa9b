import CSQLite

/// The database file, its WAL and the WAL's index as they were opened, to notice that a name leads elsewhere by now.
///
/// SQLite would go on writing to files that nobody can open again, and the responses would promise what a restart
/// cannot keep.
struct WatchedFile {
    private let paths: [String]
    private let identities: [FileIdentity?]

    init(paths: [String]) {
        self.paths = paths
        identities = paths.map(FileIdentity.init(of:))
    }

    /// Throws when a file is gone or is another one; costs a `stat` for each.
    func check() throws(DatabaseError) {
        for (path, identity) in zip(paths, identities) where FileIdentity(of: path) != identity {
            let code = SQLITE_READONLY | (4 << 8)  // SQLITE_READONLY_DBMOVED
            throw DatabaseError(code: code, message: "\(path) has been moved or removed")
        }
    }

    /// Whether it is one of the files.
    func contains(_ identity: FileIdentity) -> Bool {
        identities.contains(identity)
    }
}
