import CraneSQLite
import CraneSystem

/// One state of a database, from which an export is written.
protocol ExportSource {
    /// The database's file: no more may read a new export than may read it. Empty for none.
    var path: String { get }
    /// Gives how many records there are behind an id, of one talk or of all, and then each of them by id.
    func read<Row: TransferRecord>(
        _ type: Row.Type, after id: Int, of talkID: Int?, total: (Int) -> Void, each: (Row) throws -> Void
    ) throws
    /// Writes a file that takes the place of another one when it is whole.
    func replaceFile(at file: String, _ write: (TransferFile) throws -> Void) throws
}

/// One state of an SQLite file.
struct SnapshotExportSource: ExportSource {
    let snapshot: DatabaseSnapshot
    let path: String

    func read<Row: TransferRecord>(
        _ type: Row.Type, after id: Int, of talkID: Int?, total: (Int) -> Void, each: (Row) throws -> Void
    ) throws {
        try snapshot.read { connection in
            total(try Row.count(after: id, of: talkID, connection))
            let rows = try Row.rows(after: id, of: talkID, connection)
            while try rows.step() { try each(try rows.row(Row.self)) }
        }
    }

    func replaceFile(at file: String, _ write: (TransferFile) throws -> Void) throws {
        do {
            try snapshot.replaceFile(at: file) { descriptor in
                do { try write(TransferFile(file, open: BorrowedDescriptor(descriptor))) } catch {
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
}
