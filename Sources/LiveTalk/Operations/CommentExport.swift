import CraneSQLite
import CraneSystem

/// An export of one kind of records from one state of a database.
struct CommentExport<Row: TransferRecord> {
    private let snapshot: DatabaseSnapshot
    /// The database's file: no more may read a new export.
    private let path: String
    private let format: TransferFormat
    private let talkID: Int?

    init(_ snapshot: DatabaseSnapshot, like path: String, _ format: TransferFormat, of talkID: Int?) {
        self.snapshot = snapshot
        self.path = path
        self.format = format
        self.talkID = talkID
    }

    func write(
        to file: String, continuing: Bool, replacing: Bool, _ progress: (Int, Int) -> Void
    ) throws {
        if replacing, file != "-" { return try replace(file, progress) }
        let output = try TransferFile.writing(file, continuing: continuing, like: path)
        do {
            let last = continuing ? try resume(output) : nil
            try write(after: last, to: output, progress)
        } catch {
            if !continuing { output.remove() }
            throw error
        }
    }

    private func replace(_ file: String, _ progress: (Int, Int) -> Void) throws {
        do {
            try snapshot.replaceFile(at: file) { descriptor in
                let output = TransferFile(file, open: BorrowedDescriptor(descriptor))
                do { try write(after: nil, to: output, progress) } catch {
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

    /// All comments behind the last that is there; with what goes before them unless there is one.
    private func write(after last: Int?, to output: TransferFile, _ progress: (Int, Int) -> Void) throws {
        if last == nil { try output.write(format.head(of: Row.self)) }
        try snapshot.read { connection in
            let total = try Row.count(after: last ?? .min, of: talkID, connection)
            let rows = try Row.rows(after: last ?? .min, of: talkID, connection)
            var bytes: [UInt8] = []
            var written = 0
            while try rows.step() {
                format.append(try rows.row(Row.self), to: &bytes)
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
        try output.sync()
    }

    /// Drops what is left of a record that was cut off, and answers the id of the last whole one; `nil` for none.
    private func resume(_ output: TransferFile) throws(OperationError) -> Int? {
        guard format.begins(try output.read(64)[...], of: Row.self) else {
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
            do throws(OperationError) {
                last = try id(of: record, isFirst: last == nil)
            } catch {
                throw OperationError(
                    "\(output.path), line \(records.line): \(error): this is no export to continue")
            }
        }
        try output.cut(at: records.offset)
        return last ?? (records.offset > 0 ? Int.min : nil)
    }

    /// The id of a record as this export would have written it, for which the first one stands.
    private func id(of bytes: ArraySlice<UInt8>, isFirst: Bool) throws(OperationError) -> Int {
        let record = try format.record(bytes, CSVOrder(of: Row.self))
        if let talkID, record.comment.talkID != talkID { throw OperationError("a comment of another talk") }
        var own: [UInt8] = []
        if isFirst { format.append(Row(record), to: &own) }
        if isFirst, own.dropLast() != bytes { throw OperationError("written by another kind of export") }
        return record.id
    }
}

private struct ReadFailure: Error {
    let error: any Error
}
