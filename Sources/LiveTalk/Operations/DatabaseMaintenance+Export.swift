import CraneSQLite

/// Which comments an export has, and what of them.
public enum ExportScope: Hashable, Sendable {
    /// Those that everybody sees, as the API answers them.
    case shown
    /// Those that wait or are hidden too, with state, stage, pin, votes and answer: of the talk with this slug or `talk_id`, or of all.
    case full(talk: String?)
}

extension DatabaseMaintenance {
    /// Writes one state of the comments to `file`, by id, a piece at a time; `-` is standard output.
    ///
    /// An export that was interrupted goes on after its last whole record when `continuing`. A file that is there is
    /// written anew when `replacing`, and stays until the new one is whole. One that fails leaves no new file. `progress` is
    /// told how many of how many comments are written. Memory does not grow with their number.
    public func export(
        _ scope: ExportScope = .shown, to file: String, as format: TransferFormat, continuing: Bool,
        replacing: Bool = false, progress: (Int, Int) -> Void
    ) throws(OperationError) {
        if continuing, file == "-" { throw OperationError("only a file can be continued") }
        // The database first: what cannot be read makes no file.
        try withSnapshot { snapshot in
            let migrations = try snapshot.migrationStatus(of: Migration.all)
            if try DatabaseOrigin(snapshot) == .empty { throw OperationError("\(path): \(Self.emptiness)") }
            let source = SnapshotExportSource(snapshot: snapshot, path: path)
            guard case .full(let talk) = scope else {
                return try CommentExport<Comment>(source, format, of: nil)
                    .write(to: file, continuing: continuing, replacing: replacing, progress)
            }
            if migrations.contains(where: { $0.appliedAt == nil }) {
                throw OperationError("\(path): from an earlier version: run livetalk migrate first")
            }
            try CommentExport<RoomRecord>(source, format, of: talkID(of: talk, snapshot))
                .write(to: file, continuing: continuing, replacing: replacing, progress)
        }
    }

    /// The talk of that slug; else the number is a `talk_id`, of which no talk need be made. `nil` for all.
    private func talkID(of talk: String?, _ snapshot: DatabaseSnapshot) throws -> Int? {
        guard let talk else { return nil }
        let known = try snapshot.read { connection in
            try connection.select(Talk.self, "WHERE slug = :slug", ["slug": talk]).first
        }
        guard let id = known?.id ?? Int(talk) else {
            throw OperationError("\(path): there is no talk \(OneLine.text(talk))")
        }
        return id
    }
}
