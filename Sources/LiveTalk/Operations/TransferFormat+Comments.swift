import CraneSchema

extension TransferFormat {
    /// What a file of this format begins with.
    func head<Row: TransferRecord>(of type: Row.Type) -> [UInt8] {
        switch self {
        case .ndjson: []
        case .csv: Array((Row.table.columns.map(\.name).joined(separator: ",") + "\n").utf8)
        }
    }

    /// Whether a file that begins with these 64 bytes, or is no longer than they are, can be an export.
    func begins<Row: TransferRecord>(_ bytes: ArraySlice<UInt8>, of type: Row.Type) -> Bool {
        guard self == .ndjson else { return Self.meet(bytes, head(of: type)[...]) }
        let first = Array("{\"\(Self.columns[0])\":".utf8)
        let rest = bytes.dropFirst(first.count).drop { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        return Self.meet(bytes, first[...]) && Self.meet(rest, Array(",\"\(Self.columns[1])\":".utf8)[...])
    }

    /// Whether one is the beginning of the other.
    private static func meet(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        zip(one, other).allSatisfy { $0 == $1 }
    }

    /// Appends a comment as one record.
    func append<Row: TransferRecord>(_ row: Row, to bytes: inout [UInt8]) {
        switch self {
        case .ndjson:
            bytes += Row.schema.encode(row)
        case .csv:
            for (place, column) in Row.table.columns.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                let value = Row.schema.columnValue(of: row, at: place)
                Self.append(value, column.type, guarded: Row.guardsFormulas, to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// Whether there is nothing in a record: no lines of blanks count between lines of JSON.
    func isBlank(_ record: ArraySlice<UInt8>) -> Bool {
        self == .ndjson ? record.allSatisfy(Self.isSpace) : record.isEmpty
    }

    /// The comment of a record, with what is said of it beside; throws what is wrong with it, in words.
    ///
    /// - Parameter order: where the columns stand in CSV.
    func record(_ record: ArraySlice<UInt8>, _ order: CSVOrder) throws(OperationError) -> RoomRecord {
        switch self {
        case .ndjson: try Self.json(record)
        case .csv: try Self.csv(record, order)
        }
    }

    private static func json(_ record: ArraySlice<UInt8>) throws(OperationError) -> RoomRecord {
        do throws(DecodingFailure) {
            return try RoomRecord.schema.decode(Array(record), limits: JSONLimits(bytes: RecordReader.limit))
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

    private static func csv(_ record: ArraySlice<UInt8>, _ order: CSVOrder) throws(OperationError)
        -> RoomRecord
    {
        guard let sent = CSVRecord.fields(record) else { throw OperationError("not CSV in UTF-8") }
        guard sent.count == order.count else {
            throw OperationError("\(sent.count) fields instead of \(order.count)")
        }
        let values = try zip(RoomRecord.table.columns, order.places).map {
            column, place throws(OperationError) in
            // Columns that are not there are those that may be left out.
            guard let place else { return column.fallback ?? .null }
            return try value(sent[place], of: column, guarded: order.isGuarded)
        }
        do throws(ColumnMismatch) {
            return try RoomRecord.schema.value { place, _ in values[place] }
        } catch {
            throw OperationError("\(error.name): not one of its values")
        }
    }

    private static func append(
        _ value: ColumnValue, _ type: ColumnType, guarded: Bool, to bytes: inout [UInt8]
    ) {
        switch (value, type.storage) {
        case (.integer(let number), .timestamp): bytes += Timestamp(microseconds: number).description.utf8
        case (.integer(let number), .boolean): bytes += (number == 0 ? "false" : "true").utf8
        case (.integer(let number), _): bytes += "\(number)".utf8
        case (.real(let number), _): bytes += "\(number)".utf8
        case (.text(let text), _): CSVRecord.append(guarded ? CSVRecord.guarded(text) : text, to: &bytes)
        case (.null, _): break
        }
    }

    private static func value(
        _ field: String, of column: Column, guarded: Bool
    ) throws(OperationError) -> ColumnValue {
        if field.isEmpty, column.type.isNullable { return .null }
        switch column.type.storage {
        case .integer:
            guard let number = Int(field) else {
                throw OperationError("\(column.name): not a whole number of 64 bits")
            }
            return .integer(number)
        case .boolean:
            guard
                let isTrue = ["true", "1"].contains(field)
                    ? true : ["false", "0"].contains(field) ? false : nil
            else { throw OperationError("\(column.name): neither true nor false") }
            return .integer(isTrue ? 1 : 0)
        case .timestamp:
            guard let time = Timestamp.schema.read(text: field) else {
                throw OperationError("\(column.name): not a date and time")
            }
            return .integer(time.microseconds)
        default:
            return .text(guarded ? CSVRecord.unguarded(field) : field)
        }
    }
}

/// Where the columns stand in a file of CSV.
struct CSVOrder {
    /// For each column of `RoomRecord`; `nil` for one that is not there.
    let places: [Int?]
    let count: Int
    /// Whether texts have been guarded, as a full export does.
    let isGuarded: Bool

    /// As exports write them.
    init<Row: TransferRecord>(of type: Row.Type) {
        let columns = Row.table.columns.map(\.name)
        places = RoomRecord.table.columns.map { columns.firstIndex(of: $0.name) }
        count = columns.count
        isGuarded = Row.guardsFormulas
    }

    /// By the first record of a file; `nil` unless the columns of a comment stand there, alone or with all others, in any order.
    init?(head record: ArraySlice<UInt8>) {
        // A byte order mark is what spreadsheets put first.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let record = record.starts(with: mark) ? record.dropFirst(mark.count) : record
        guard let names = CSVRecord.fields(record)?.map({ $0.lowercased() }) else { return nil }
        places = RoomRecord.table.columns.map { names.firstIndex(of: $0.name) }
        count = names.count
        isGuarded = count > TransferFormat.columns.count
        guard [TransferFormat.columns.count, places.count].contains(count),
            places.count(where: { $0 != nil }) == count,
            !places.prefix(TransferFormat.columns.count).contains(nil)
        else { return nil }
    }
}
