import CranePostgres
import CraneSystem

/// One state of a PostgreSQL, in a transaction that reads alone; beside nodes that serve it.
struct PostgresExportSource: ExportSource {
    let session: PostgresBlockingSession
    /// Whether what waits or is hidden belongs to it.
    let isFull: Bool
    var path: String { "" }

    func read<Row: TransferRecord>(
        _ type: Row.Type, after id: Int, of talkID: Int?, total: (Int) -> Void, each: (Row) throws -> Void
    ) throws {
        try session.transaction {
            try session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            // It goes over all comments.
            try session.execute("SET LOCAL statement_timeout = 0")
            total(
                try session.execute(
                    """
                    SELECT count(*) AS total FROM \(raw: RoomComment.everywhere)
                    WHERE c.id > \(id)\(and: "c.talk_id =", talkID)\(and: "c.state =", isFull ? nil : "shown")
                    """)[0].int("total"))
            var last = id
            while true {
                let rows = try session.execute(
                    RoomRecord.page(after: last, of: talkID, isFull: isFull, bytes: 1 << 20))
                for row in rows {
                    let record = try row.row(RoomRecord.self)
                    try each(Row(record))
                    last = record.id
                }
                if rows.isEmpty { return }
            }
        }
    }

    func replaceFile(at file: String, _ write: (TransferFile) throws -> Void) throws {
        let part = file + ".part"
        let output = try TransferFile.writing(part, continuing: false, like: path)
        do {
            try write(output)
            try FileDescriptor.rename(part, to: file)
        } catch {
            output.remove()
            throw OperationError(error, at: file)
        }
    }
}
