import CraneSQLite
import Schema

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
    /// The lines of the last batch.
    private var lines: [Int] = []

    init(_ file: TransferFile, _ format: TransferFormat) throws(OperationError) {
        self.file = file
        self.format = format
        length = file.length
        records = RecordReader(file, quotes: format == .csv)
        guard format == .csv else { return }
        // A byte order mark is what spreadsheets put first.
        let head = try records.next().map { String(decoding: $0, as: UTF8.self) } ?? ""
        let expected = TransferFormat.columns.joined(separator: ",")
        guard head == expected || head == "\u{FEFF}" + expected else {
            throw OperationError("\(file.path), line 1: the columns must be \(expected)")
        }
    }

    var position: (done: Int, total: Int) { (records.offset, length) }

    func place(of index: Int) -> String { "\(file.path), line \(lines[index])" }

    func next(_ count: Int, bytes: Int) throws -> [Comment] {
        var comments: [Comment] = []
        var room = bytes
        lines.removeAll(keepingCapacity: true)
        while comments.count < count, room > 0, let record = try records.next() {
            if record.isEmpty { continue }
            room -= record.count
            lines.append(records.line)
            do throws(OperationError) {
                comments.append(try format.comment(record))
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
    private var last = Int.min
    private(set) var position: (done: Int, total: Int) = (0, 0)

    init(path: String) throws {
        self.path = path
        snapshot = try DatabaseSnapshot(path: path)
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
                SELECT id, talk_id, user_ip, comment_text, created_at, updated_at,
                    typeof(created_at) = 'integer' AND typeof(updated_at) = 'integer'
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
        if row.int(at: 6) == 1 { return Comment(row: row) }
        // SQLAlchemy writes `2026-11-22 10:27:46.435120`, in UTC and without saying so.
        guard let createdAt = Timestamp.schema.read(text: row.text(at: 4)),
            let updatedAt = Timestamp.schema.read(text: row.text(at: 5))
        else { throw OperationError("\(path): comment \(row.int(at: 0)) has no date and time") }
        return Comment(
            id: row.int(at: 0), talkID: row.int(at: 1), userIP: row.text(at: 2), text: row.text(at: 3),
            createdAt: createdAt, updatedAt: updatedAt)
    }
}
