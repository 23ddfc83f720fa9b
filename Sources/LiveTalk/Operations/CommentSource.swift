import CraneSQLite
import CraneSchema

/// Where comments are imported from, a batch at a time.
protocol CommentSource: AnyObject {
    /// The next comments, at most `count` and few more than `bytes` of text; none at the end.
    func next(_ count: Int, bytes: Int) throws -> [Comment]
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
    /// Where each column stands in a record of CSV.
    private var order = Array(TransferFormat.columns.indices)
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
        guard let order = head.flatMap(TransferFormat.order(ofHead:)) else {
            let columns = TransferFormat.columns.joined(separator: ",")
            throw OperationError(
                "\(file.path), line \(records.line): the columns must be \(columns), in any order")
        }
        self.order = order
    }

    var position: (done: Int, total: Int) { (records.offset, length) }

    func place(of index: Int) -> String { "\(file.path), line \(lines[index])" }

    func next(_ count: Int, bytes: Int) throws -> [Comment] {
        var comments: [Comment] = []
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
                comments.append(try format.comment(record, order))
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
                SELECT quote(id) FROM comment GROUP BY id HAVING count(*) > 1 OR typeof(id) <> 'integer' LIMIT 1
                """)
            return try rows.step() ? rows.text(at: 0) : nil
        }
        if let odd { throw OperationError("\(path): comment \(odd): id: not a whole number of its own") }
        position.total = try snapshot.read { connection in
            let count = try connection.prepare("SELECT count(*) FROM comment")
            return try count.step() ? count.int(at: 0) : 0
        }
    }

    deinit {
        snapshot.close()
    }

    func place(of index: Int) -> String { path }

    func next(_ count: Int, bytes: Int) throws -> [Comment] {
        let comments = try snapshot.read { connection in
            let rows = try connection.prepare(
                """
                SELECT id, talk_id, user_ip, comment_text, created_at, updated_at, typeof(talk_id),
                    typeof(user_ip), typeof(comment_text), typeof(created_at), typeof(updated_at)
                FROM comment WHERE id > ?1 ORDER BY id LIMIT ?2
                """)
            try rows.bind(last, at: 1)
            try rows.bind(count, at: 2)
            var comments: [Comment] = []
            var room = bytes
            while room > 0, try rows.step() {
                let comment = try comment(rows)
                room -= comment.text.utf8.count
                comments.append(comment)
            }
            return comments
        }
        if let id = comments.last?.id { last = id }
        position.done += comments.count
        return comments
    }

    private func comment(_ row: Statement) throws(OperationError) -> Comment {
        Comment(
            id: row.int(at: 0), talkID: try checked(row, 1, "integer").int(at: 1),
            userIP: try text(row, 2), text: try text(row, 3),
            createdAt: try time(row, 4), updatedAt: try time(row, 5))
    }

    /// The row, when its column has the type: SQLite gives a value of any type as any other.
    private func checked(_ row: Statement, _ column: Int32, _ type: String) throws(OperationError)
        -> Statement
    {
        let found = row.text(at: column + 5)
        guard found == type else { throw refusal(row, column, "\(found) instead of \(type)") }
        return row
    }

    private func text(_ row: Statement, _ column: Int32) throws(OperationError) -> String {
        let bytes = try checked(row, column, "text").blob(at: column)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(row, column, "not UTF-8")
        }
        return text
    }

    /// LiveTalk keeps microseconds; SQLAlchemy writes `2026-11-22 10:27:46.435120`, in UTC and without saying so.
    private func time(_ row: Statement, _ column: Int32) throws(OperationError) -> Timestamp {
        if isOurs, row.text(at: column + 5) == "integer" {
            let time = Timestamp(microseconds: row.int(at: column))
            guard Timestamp.range.contains(time) else { throw refusal(row, column, "not a date and time") }
            return time
        }
        guard let time = Timestamp.schema.read(text: try text(row, column)) else {
            throw refusal(row, column, "not a date and time")
        }
        return time
    }

    private func refusal(_ row: Statement, _ column: Int32, _ reason: String) -> OperationError {
        OperationError(
            "\(path): comment \(row.int(at: 0)): \(TransferFormat.columns[Int(column)]): \(reason)")
    }
}
