import CraneSQLite

extension DatabaseMaintenance {
    /// Writes one state of the database to `file`, which appears under its name when it is whole and on the disk.
    ///
    /// `-` is standard output, which gets the copy from a temporary file without a name. `progress` is told the part that
    /// is done, from 0 to 1.
    public func backup(to file: String, progress: (Double) -> Void) throws(OperationError) {
        if file == "-" { return try backup(to: TransferFile.standardOutput(), progress: progress) }
        try withSnapshot { snapshot in
            // Told apart from a fault of the database, which has the other path.
            do { try snapshot.backup(to: file, progress: progress) } catch {
                throw OperationError(error, at: file)
            }
        }
    }

    private func backup(to output: TransferFile, progress: (Double) -> Void) throws(OperationError) {
        if output.isTerminal {
            throw OperationError("standard output is a terminal: name a file, or pipe it")
        }
        let copy = try TransferFile.temporary()
        try withSnapshot { snapshot in try copy.fill { try snapshot.copy(to: $0, progress: progress) } }
        try copy.move(to: 0)
        while true {
            let bytes = try copy.read()
            if bytes.isEmpty { return }
            try output.write(bytes)
        }
    }

    /// Puts the database in `file` in the place of this one.
    ///
    /// The file is checked first. A database that is there already, or what is left of one, is only replaced when
    /// `replacing`; it is replaced at once, so that an interruption leaves either the one or the other.
    public func restore(
        from file: String, replacing: Bool, progress: (Double) -> Void
    ) throws(OperationError) {
        if file == "-" {
            throw OperationError(
                "a backup is checked before it is restored: name a file (./- for one of that name)")
        }
        let source = try Self.sound(file)
        defer { source.close() }
        do {
            if !replacing, let there = try DatabaseSnapshot.leftovers(at: path).first {
                throw OperationError("\(there) exists already: say --replace to put the backup in its place")
            }
            try refuseForeign()
            try source.replaceDatabase(at: path, progress: progress)
            try renewEpoch()
        } catch {
            throw OperationError(error, at: path)
        }
    }

    /// The log of a restored database begins anew for those who know the one before; an older version's has none yet.
    private func renewEpoch() throws(OperationError) {
        try withDatabase { database in
            try database.transaction { connection in
                let tables = try connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'change_epoch'")
                if try tables.step() { try FeedEpoch.renew(connection) }
            }
        }
    }

    /// Throws when the database that is to be replaced is another application's; one beyond repair goes.
    private func refuseForeign() throws(OperationError) {
        guard let there = try? DatabaseSnapshot(path: path) else { return }
        defer { there.close() }
        if let refusal = (try? DatabaseOrigin(there))?.refusal {
            throw OperationError("\(path): \(refusal), and is not replaced")
        }
    }

    /// Opens a backup, unless it is damaged, from a newer version or no database of LiveTalk's.
    private static func sound(_ file: String) throws(OperationError) -> DatabaseSnapshot {
        do {
            let source = try DatabaseSnapshot(path: file)
            switch try DatabaseOrigin(source) {
            case .liveTalk: _ = try source.migrationStatus(of: Migration.all)
            case let origin:
                if let refusal = origin.refusal { throw OperationError("\(file): \(refusal)") }
                throw OperationError("\(file) has no comments: it is no backup of a LiveTalk database")
            }
            if let problem = try source.problems().first {
                throw OperationError("\(file) is damaged, nothing was restored: \(problem)")
            }
            return source
        } catch {
            throw OperationError(error, at: file)
        }
    }
}
