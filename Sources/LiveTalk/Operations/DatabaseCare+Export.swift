import CraneSQLite

extension DatabaseCare {
    /// Writes one state of all comments to `file`, by id, a piece at a time; `-` is standard output.
    ///
    /// An export that was interrupted goes on after its last whole record when `continuing`. `progress` is told how many
    /// of how many comments are written. Memory does not grow with their number.
    public func export(
        to file: String, as format: TransferFormat, continuing: Bool, progress: (Int, Int) -> Void
    ) throws(OperationError) {
        if continuing, file == "-" { throw OperationError("only a file can be continued") }
        let output = try TransferFile.writing(file, continuing: continuing, like: path)
        let last = continuing ? try Self.resume(output, format) : nil
        if last == nil { try output.write(format.head) }
        try withSnapshot { snapshot in
            _ = try snapshot.migrationStatus(of: Migration.all)
            try snapshot.read { connection in
                try Self.write(after: last ?? .min, connection, to: output, format, progress)
            }
        }
        try output.sync()
    }

    private static func write(
        after last: Int, _ connection: Connection, to output: TransferFile, _ format: TransferFormat,
        _ progress: (Int, Int) -> Void
    ) throws {
        let count = try connection.prepare("SELECT count(*) FROM comment WHERE id > ?1")
        try count.bind(last, at: 1)
        let total = try count.step() ? count.int(at: 0) : 0
        let rows = try connection.prepare(
            """
            SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comment
            WHERE id > ?1 ORDER BY id
            """)
        try rows.bind(last, at: 1)
        var bytes: [UInt8] = []
        var written = 0
        while try rows.step() {
            format.append(Comment(row: rows), to: &bytes)
            written += 1
            if bytes.count >= 128 << 10 {
                try output.write(bytes)
                bytes.removeAll(keepingCapacity: true)
                progress(written, total)
            }
        }
        try output.write(bytes)
        progress(written, total)
    }

    /// Drops what is left of a record that was cut off, and answers the id of the last whole one; `nil` for none.
    private static func resume(_ output: TransferFile, _ format: TransferFormat) throws(OperationError)
        -> Int?
    {
        guard format.begins(try output.read(64)[...]) else {
            throw OperationError("\(output.path): this is no export to continue")
        }
        try output.move(to: 0)
        var records = RecordReader(output, quotes: format == .csv)
        var last: Int?
        if format == .csv, try records.next(whole: true) == nil {
            try output.cut(at: 0)
            return nil
        }
        while let record = try records.next(whole: true) {
            do {
                last = try format.comment(record).id
            } catch {
                throw OperationError(
                    "\(output.path), line \(records.line): \(error): this is no export to continue")
            }
        }
        try output.cut(at: records.offset)
        return last ?? (records.offset > 0 ? Int.min : nil)
    }
}
