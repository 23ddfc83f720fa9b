import CraneSchema

extension TransferFormat {
    /// What a file of this format begins with.
    var head: [UInt8] {
        switch self {
        case .ndjson: []
        case .csv: Array((Self.columns.joined(separator: ",") + "\n").utf8)
        }
    }

    /// Whether a file that begins with these 64 bytes, or is no longer than they are, can be an export.
    func begins(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard self == .ndjson else { return Self.meet(bytes, head[...]) }
        let first = Array("{\"\(Self.columns[0])\":".utf8)
        let rest = bytes.dropFirst(first.count).drop { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        return Self.meet(bytes, first[...]) && Self.meet(rest, Array(",\"\(Self.columns[1])\":".utf8)[...])
    }

    /// Whether one is the beginning of the other.
    private static func meet(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        zip(one, other).allSatisfy { $0 == $1 }
    }

    /// Appends a comment as one record.
    func append(_ comment: Comment, to bytes: inout [UInt8]) {
        switch self {
        case .ndjson:
            bytes += Comment.schema.encode(comment)
        case .csv:
            for (place, column) in Comment.table.columns.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.append(Comment.schema.columnValue(of: comment, at: place), column.type, to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Where each column stands, by the first record of a CSV file; `nil` unless all stand there and no others.
    static func order(ofHead record: ArraySlice<UInt8>) -> [Int]? {
        // A byte order mark is what spreadsheets put first.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let record = record.starts(with: mark) ? record.dropFirst(mark.count) : record
        guard let names = CSVRecord.fields(record)?.map({ $0.lowercased() }), names.count == columns.count
        else {
            return nil
        }
        let order = columns.compactMap { names.firstIndex(of: $0) }
        return order.count == columns.count ? order : nil
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// Whether there is nothing in a record: no lines of blanks count between lines of JSON.
    func isBlank(_ record: ArraySlice<UInt8>) -> Bool {
        self == .ndjson ? record.allSatisfy(Self.isSpace) : record.isEmpty
    }

    /// The comment of a record; throws what is wrong with it, in words.
    ///
    /// - Parameter order: where each column stands in CSV.
    func comment(
        _ record: ArraySlice<UInt8>, _ order: [Int] = Array(columns.indices)
    ) throws(OperationError) -> Comment {
        switch self {
        case .ndjson: try Self.json(record)
        case .csv: try Self.csv(record, order)
        }
    }

    private static func json(_ record: ArraySlice<UInt8>) throws(OperationError) -> Comment {
        do throws(DecodingFailure) {
            return try Comment.schema.decode(Array(record), limits: JSONLimits(bytes: RecordReader.limit))
        } catch {
            guard case .invalid(let reasons) = error, let issue = reasons.issues.first else {
                throw OperationError("not JSON in UTF-8")
            }
            guard case .key(let name) = issue.location.dropFirst().first else {
                throw OperationError(issue.message)
            }
            throw OperationError("\(name): \(issue.message)")
        }
    }

    private static func csv(_ record: ArraySlice<UInt8>, _ order: [Int]) throws(OperationError) -> Comment {
        guard let sent = CSVRecord.fields(record) else { throw OperationError("not CSV in UTF-8") }
        guard sent.count == columns.count else {
            throw OperationError("\(sent.count) fields instead of \(columns.count)")
        }
        let values = try zip(Comment.table.columns, order).map { column, place throws(OperationError) in
            try value(sent[place], of: column)
        }
        do {
            return try Comment.schema.value { place, _ in values[place] }
        } catch {
            throw OperationError("\(error)")
        }
    }

    private static func append(_ value: ColumnValue, _ type: ColumnType, to bytes: inout [UInt8]) {
        switch value {
        case .integer(let number):
            let isTime = type.storage == .timestamp
            bytes += (isTime ? Timestamp(microseconds: number).description : "\(number)").utf8
        case .real(let number): bytes += "\(number)".utf8
        case .text(let text): CSVRecord.append(text, to: &bytes)
        case .null: break
        }
    }

    private static func value(_ field: String, of column: Column) throws(OperationError) -> ColumnValue {
        switch column.type.storage {
        case .integer:
            guard let number = Int(field) else {
                throw OperationError("\(column.name): not a whole number of 64 bits")
            }
            return .integer(number)
        case .timestamp:
            guard let time = Timestamp.schema.read(text: field) else {
                throw OperationError("\(column.name): not a date and time")
            }
            return .integer(time.microseconds)
        default:
            return .text(field)
        }
    }
}
