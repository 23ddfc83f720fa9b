import CraneSQLite
import CraneSystem

extension DatabaseMaintenance {
    /// Writes one state of all comments to `file`, by id, a piece at a time; `-` is standard output.
    ///
    /// An export that was interrupted goes on after its last whole record when `continuing`. A file that is there is
    /// written anew when `replacing`, and stays until the new one is whole. One that fails leaves no new file. `progress` is
    /// told how many of how many comments are written. Memory does not grow with their number.
    public func export(
        to file: String, as format: TransferFormat, continuing: Bool, replacing: Bool = false,
        progress: (Int, Int) -> Void
    ) throws(OperationError) {
        if continuing, file == "-" { throw OperationError("only a file can be continued") }
        // The database first: what cannot be read makes no file.
        try withSnapshot { snapshot in
            _ = try snapshot.migrationStatus(of: Migration.all)
            if try DatabaseOrigin(snapshot) == .empty { throw OperationError("\(path): \(Self.emptiness)") }
            if replacing, file != "-" {
                return try Self.replace(file, snapshot, format, progress)
            }
            let output = try TransferFile.writing(file, continuing: continuing, like: path)
            do {
                let last = continuing ? try Self.resume(output, format) : nil
                try Self.write(after: last, snapshot, to: output, format, progress)
            } catch {
                if !continuing { output.remove() }
                throw error
            }
        }
    }

    private static func replace(
        _ file: String, _ snapshot: DatabaseSnapshot, _ format: TransferFormat, _ progress: (Int, Int) -> Void
    ) throws {
        do {
            try snapshot.replaceFile(at: file) { descriptor in
                let output = TransferFile(file, open: BorrowedDescriptor(descriptor))
                do { try write(after: nil, snapshot, to: output, format, progress) } catch {
                    // A fault of the database has its own path.
                    throw error is OperationError ? error : ReadFailure(error: error)
                }
            }
        } catch let failure as ReadFailure {
            throw failure.error
        } catch {
            throw OperationError(error, at: file)
        }
    }

    private struct ReadFailure: Error {
        let error: any Error
    }

    /// All comments behind the last that is there; with what goes before them unless there is one.
    private static func write(
        after last: Int?, _ snapshot: DatabaseSnapshot, to output: TransferFile, _ format: TransferFormat,
        _ progress: (Int, Int) -> Void
    ) throws {
        if last == nil { try output.write(format.head) }
        try snapshot.read { connection in
            try write(after: last ?? .min, connection, to: output, format, progress)
        }
        try output.sync()
    }

    private static func write(
        after last: Int, _ connection: Connection, to output: TransferFile, _ format: TransferFormat,
        _ progress: (Int, Int) -> Void
    ) throws {
        let count = try connection.prepare("SELECT count(*) AS total FROM comment WHERE id > :last")
        try count.bind("last", last)
        let total = try count.step() ? count.int("total") : 0
        let rows = try connection.prepare(
            "SELECT \(Comment.table.columnList()) FROM comment WHERE id > :last ORDER BY id")
        try rows.bind("last", last)
        var bytes: [UInt8] = []
        var written = 0
        while try rows.step() {
            format.append(try rows.row(Comment.self), to: &bytes)
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
