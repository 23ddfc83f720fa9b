import CraneSQLite
import CraneSchema

/// Where comments are imported from, a batch at a time.
protocol CommentSource: AnyObject {
    /// The next comments, at most `count` and few more than `bytes` of text; none at the end.
    func next(_ count: Int, bytes: Int) throws -> [RoomRecord]
    /// Where a comment of the last batch is from, for an operator.
    func place(of index: Int) -> String
    /// How much of the source has been read, and how much there is: bytes or comments; 0 when that is unknown.
    var position: (done: Int, total: Int) { get }
}

/// The records of a text file.
final class RecordSource: CommentSource {
    private let file: TransferFile
    private let format: TransferFormat
    private var records: RecordReader
    private let length: Int
    private var order = CSVOrder(of: Comment.self)
    /// The lines of the last batch.
    private var lines: [Int] = []
    private var isFirst = true

    init(_ file: TransferFile, _ format: TransferFormat) throws(OperationError) {
        self.file = file
        self.format = format
        length = file.length
        records = RecordReader(file, quotes: format == .csv)
        guard format == .csv else { return }
        var head: ArraySlice<UInt8>? = []
        while head?.isEmpty == true { head = try records.next() }
        guard let order = head.flatMap(CSVOrder.init(head:)) else {
            let columns = TransferFormat.columns.joined(separator: ",")
            throw OperationError(
                "\(file.path), line \(records.line): the columns must be \(columns), in any order, alone or with "
                    + "all others of a full export")
        }
        self.order = order
    }

    var position: (done: Int, total: Int) { (records.offset, length) }

    func place(of index: Int) -> String { "\(file.path), line \(lines[index])" }

    func next(_ count: Int, bytes: Int) throws -> [RoomRecord] {
        var comments: [RoomRecord] = []
        var room = bytes
        lines.removeAll(keepingCapacity: true)
        while comments.count < count, room > 0, let record = try records.next() {
            if format.isBlank(record) { continue }
            if isFirst, format == .ndjson,
                record.first(where: { !TransferFormat.isSpace($0) }) == UInt8(ascii: "[")
            {
                throw OperationError(
                    "\(file.path), line \(records.line): a JSON array: write one object a line, as jq -c '.[]' does"
                )
            }
            isFirst = false
            room -= record.count
            lines.append(records.line)
            do throws(OperationError) {
                comments.append(try format.record(record, order))
            } catch {
                throw OperationError("\(file.path), line \(records.line): \(error)")
            }
        }
        return comments
    }
}

/// The table `comment` of another SQLite file: a LiveTalk database, or one that SQLAlchemy has written.
final class DatabaseSource: CommentSource {
    private let path: String
    private let snapshot: DatabaseSnapshot
    private let isOurs: Bool
    private var last = Int.min
    private(set) var position: (done: Int, total: Int) = (0, 0)

    init(path: String) throws {
        self.path = path
        snapshot = try DatabaseSnapshot(path: path)
        let origin = try DatabaseOrigin(snapshot)
        isOurs = origin == .liveTalk
        guard isOurs || origin == .foreign(hasComments: true) else {
            throw OperationError("\(path): there is no table of comments in it")
        }
        // A table of another application may have ids that are no numbers, or twice the same.
        let odd = try snapshot.read { connection in
            let rows = try connection.prepare(
                """
                SELECT quote(id) AS odd FROM comment GROUP BY id HAVING count(*) > 1 OR typeof(id) <> 'integer' LIMIT 1
                """)
            return try rows.step() ? rows.text("odd") : nil
        }
        if let odd { throw OperationError("\(path): comment \(odd): id: not a whole number of its own") }
        position.total = try snapshot.read { connection in
            let count = try connection.prepare("SELECT count(*) AS total FROM comment")
            return try count.step() ? count.int("total") : 0
        }
    }

    deinit {
        snapshot.close()
    }

    func place(of index: Int) -> String { path }

    func next(_ count: Int, bytes: Int) throws -> [RoomRecord] {
        let comments = try snapshot.read { connection in
            let rows = try connection.prepare(Self.typed)
            try rows.bind("last", last)
            try rows.bind("count", count)
            var comments: [RoomRecord] = []
            var room = bytes
            while room > 0, try rows.step() {
                let comment = try comment(rows)
                room -= comment.text.utf8.count
                comments.append(RoomRecord(comment: comment))
            }
            return comments
        }
        if let id = comments.last?.id { last = id }
        position.done += comments.count
        return comments
    }

    /// The rows with the type of each value: SQLite gives a value of any type as any other.
    private static let typed = SQL(
        """
        SELECT \(Comment.table.columns.map { "\($0.name), typeof(\($0.name)) AS \(typeName($0.name))" }
            .joined(separator: ", ")) FROM comment WHERE id > :last ORDER BY id LIMIT :count
        """)

    private static func typeName(_ column: String) -> String { column + "_type" }

    private func comment(_ row: Statement) throws -> Comment {
        let values = try Comment.table.columns.map { try value(of: $0, row) }
        return try Comment.schema.value { place, _ in values[place] }
    }

    /// LiveTalk keeps microseconds; SQLAlchemy writes `2026-11-22 10:27:46.435120`, in UTC and without saying so.
    private func value(of column: Column, _ row: Statement) throws -> ColumnValue {
        let name = column.name
        let found = try row.text(Self.typeName(name))
        switch column.type.storage {
        case .timestamp:
            let time =
                isOurs && found == "integer"
                ? try row.value(name, as: Timestamp.self)
                : Timestamp.schema.read(text: try text(name, found, row))
            guard let time, Timestamp.range.contains(time) else {
                throw try refusal(row, name, "not a date and time")
            }
            return .integer(time.microseconds)
        case .integer:
            guard found == "integer" else { throw try refusal(row, name, "\(found) instead of integer") }
            return .integer(try row.int(name))
        default:
            return .text(try text(name, found, row))
        }
    }

    private func text(_ name: String, _ found: String, _ row: Statement) throws -> String {
        guard found == "text" else { throw try refusal(row, name, "\(found) instead of text") }
        guard let text = String(validating: try row.blob(name), as: UTF8.self) else {
            throw try refusal(row, name, "not UTF-8")
        }
        return text
    }

    private func refusal(_ row: Statement, _ column: String, _ reason: String) throws -> OperationError {
        OperationError("\(path): comment \(try row.int("id")): \(column): \(reason)")
    }
}
