import CraneSQLite
import CraneSchema

/// What an export writes, a record each, by id.
protocol TransferRecord: Record {
    var id: Int { get }
    /// What is exported of all that is kept.
    init(_ record: RoomRecord)
    /// Whether a text in CSV that a spreadsheet would calculate has an apostrophe before it.
    static var guardsFormulas: Bool { get }
    /// The rows behind an id, of one talk or of all.
    static func rows(after id: Int, of talkID: Int?, _ connection: Connection) throws -> Statement
    /// How many those are.
    static func count(after id: Int, of talkID: Int?, _ connection: Connection) throws -> Int
}

extension Comment: TransferRecord {
    init(_ record: RoomRecord) { self = record.comment }

    /// As it is read: exports of what everybody sees have always been so.
    static var guardsFormulas: Bool { false }

    static func rows(after id: Int, of talkID: Int?, _ connection: Connection) throws -> Statement {
        try select(table.columnList(), "ORDER BY id", after: id, of: talkID, connection)
    }

    static func count(after id: Int, of talkID: Int?, _ connection: Connection) throws -> Int {
        let count = try select("count(*) AS total", "", after: id, of: talkID, connection)
        return try count.step() ? count.int("total") : 0
    }

    private static func select(
        _ columns: String, _ order: String, after id: Int, of talkID: Int?, _ connection: Connection
    ) throws -> Statement {
        let filter = talkID == nil ? "" : "AND talk_id = :talk_id"
        let rows = try connection.prepare(
            "SELECT \(columns) FROM comment WHERE id > :last \(filter) \(order)")
        try rows.bind("last", id)
        if let talkID { try rows.bind("talk_id", talkID) }
        return rows
    }
}
