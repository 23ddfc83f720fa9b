/// An export of one kind of records from one state of a database.
struct CommentExport<Row: TransferRecord> {
    private let source: any ExportSource
    private let format: TransferFormat
    private let talkID: Int?

    init(_ source: any ExportSource, _ format: TransferFormat, of talkID: Int?) {
        self.source = source
        self.format = format
        self.talkID = talkID
    }

    func write(
        to file: String, continuing: Bool, replacing: Bool, _ progress: (Int, Int) -> Void
    ) throws {
        if replacing, file != "-" {
            return try source.replaceFile(at: file) { try write(after: nil, to: $0, progress) }
        }
        let output = try TransferFile.writing(file, continuing: continuing, like: source.path)
        do {
            let last = continuing ? try resume(output) : nil
            try write(after: last, to: output, progress)
        } catch {
            if !continuing { output.remove() }
            throw error
        }
    }

    /// All comments behind the last that is there; with what goes before them unless there is one.
    private func write(after last: Int?, to output: TransferFile, _ progress: (Int, Int) -> Void) throws {
        if last == nil { try output.write(format.head(of: Row.self)) }
        var bytes: [UInt8] = []
        var (written, total) = (0, 0)
        try source.read(Row.self, after: last ?? .min, of: talkID) {
            total = $0
        } each: { row in
            format.append(row, to: &bytes)
            written += 1
            if bytes.count >= 128 << 10 {
                try output.write(bytes)
                bytes.removeAll(keepingCapacity: true)
                progress(written, total)
            }
        }
        try output.write(bytes)
        progress(written, total)
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
