import CPostgres
public import CraneSchema
import CraneSystem
import Synchronization

/// What a statement has given: its rows, all of them in memory, in the server's binary form.
///
/// A statement that may give many has a `LIMIT`.
@safe
public final class PostgresRows: @unchecked Sendable, RandomAccessCollection {
    /// Nobody changes it; freed with this.
    let result: OpaquePointer
    public let startIndex = 0
    /// How many rows there are.
    public let endIndex: Int
    /// Where the next column that is asked for may stand.
    private let nextColumn = Atomic<Int32>(0)

    /// Takes a result, and frees it at its end.
    init(_ result: OpaquePointer) {
        unsafe self.result = result
        endIndex = Int(unsafe crane_PQntuples(result))
    }

    deinit { unsafe crane_PQclear(result) }

    /// How many rows an INSERT, UPDATE or DELETE has changed; of a SELECT how many it has given.
    public var affectedRows: Int {
        // The text is libpq's own, and ends in 0.
        unsafe Int(String(cString: crane_PQcmdTuples(result))) ?? 0
    }

    /// What the statement was: `UPDATE 3`, `COMMIT`.
    var commandTag: String { unsafe String(cString: crane_PQcmdStatus(result)) }

    /// The row at a place, from 0.
    public subscript(place: Int) -> PostgresRow {
        precondition(indices.contains(place), "there is no row \(place) of \(count)")
        return PostgresRow(rows: self, number: Int32(place))
    }

    /// The rows as records, each column by its name.
    ///
    /// - Parameter type: the described type of the rows.
    /// - Throws: `mismatch` for a result without one of the columns, and where a column holds no value of its field.
    public func rows<Row: Record>(_ type: Row.Type) throws(PostgresError) -> [Row] {
        let layout = Row.table.layout
        let places = try places(of: layout)
        var rows: [Row] = []
        rows.reserveCapacity(count)
        for number in indices { rows.append(try self[number].row(type, places)) }
        return rows
    }

    /// What writes the JSON of each row, straight from the server's bytes.
    ///
    /// - Parameter type: the described type of the rows.
    /// - Throws: `mismatch` for a result without one of the columns.
    public func writer<Row: Record>(of type: Row.Type) throws(PostgresError) -> PostgresRowWriter {
        let layout = Row.table.layout
        return PostgresRowWriter(self, try places(of: layout), layout)
    }

    /// Where the columns of a table stand in the result.
    func places(of layout: TableLayout) throws(PostgresError) -> [Int32] {
        var places: [Int32] = []
        places.reserveCapacity(layout.columns.count)
        for (index, column) in layout.columns.enumerated() {
            // Most often they stand in the table's order.
            let isThere = isName(of: Int32(index), column.name)
            places.append(isThere ? Int32(index) : try place(of: column.name))
        }
        return places
    }

    /// The number of a column.
    func place(of column: String) throws(PostgresError) -> Int32 {
        let count = unsafe crane_PQnfields(result)
        // Whoever asks for several most often asks in their order.
        let start = nextColumn.load(ordering: .relaxed)
        for step in 0..<count {
            let place = (start &+ step) % count
            guard isName(of: place, column) else { continue }
            nextColumn.store(place &+ 1, ordering: .relaxed)
            return place
        }
        throw PostgresError(.mismatch, message: "there is no column \(column) in the result")
    }

    private func isName(of place: Int32, _ name: String) -> Bool {
        // `nil` for a place that is not there; the name is the result's, and ends in 0.
        guard let known = unsafe crane_PQfname(result, place) else { return false }
        return unsafe name.withCString { unsafe strcmp(known, $0) == 0 }
    }
}

/// One row of a result. Columns are known by their names; each look-up throws `mismatch` where there is no such column, or its value
/// is of another type.
public struct PostgresRow: Sendable {
    let rows: PostgresRows
    let number: Int32

    /// Whether the column is NULL.
    public func isNull(_ column: String) throws(PostgresError) -> Bool {
        isNull(at: try rows.place(of: column))
    }

    /// The column as an integer, of `int2`, `int4` or `int8`; NULL throws.
    public func int(_ column: String) throws(PostgresError) -> Int {
        try int(at: try rows.place(of: column))
    }

    /// The column as a floating-point number, of `float4` or `float8`.
    public func double(_ column: String) throws(PostgresError) -> Double {
        try double(at: try rows.place(of: column))
    }

    /// The column as a truth value.
    public func bool(_ column: String) throws(PostgresError) -> Bool {
        try int(at: try rows.place(of: column)) != 0
    }

    /// The column as text, of `text`, `varchar`, `json`, `jsonb` and their like, and of `bytea` whose bytes are UTF-8.
    public func text(_ column: String) throws(PostgresError) -> String {
        try text(at: try rows.place(of: column))
    }

    /// The column as a time, of `timestamptz` or `timestamp`.
    public func timestamp(_ column: String) throws(PostgresError) -> Timestamp {
        Timestamp(microseconds: try int(at: try rows.place(of: column)))
    }

    /// The column as bytes, of `bytea`, or of any type in the server's binary form.
    public func blob(_ column: String) throws(PostgresError) -> [UInt8] {
        let place = try rows.place(of: column)
        return unsafe Array(bytes(at: place))
    }

    /// The column as a UUID.
    public func uniqueID(_ column: String) throws(PostgresError) -> UniqueID {
        let place = try rows.place(of: column)
        guard type(at: place) == UniqueID.postgresType, !isNull(at: place) else { throw mismatch(place) }
        let bytes = unsafe bytes(at: place)
        return unsafe UniqueID(
            high: UInt64(bigEndian: UnsafeRawPointer(bytes.baseAddress!).loadUnaligned(as: UInt64.self)),
            low: UInt64(
                bigEndian: UnsafeRawPointer(bytes.baseAddress!).loadUnaligned(
                    fromByteOffset: 8, as: UInt64.self)))
    }

    /// The column as a value of a described type, `Int?` or `Timestamp` for instance.
    ///
    /// - Parameters:
    ///   - column: its name.
    ///   - type: the described type.
    /// - Throws: `mismatch` where the column holds none of its values.
    public func value<Value: SchemaRepresentable>(
        _ column: String, as type: Value.Type
    ) throws(PostgresError) -> Value {
        let schema = Value.schema
        let place = try rows.place(of: column)
        let stored = try columnValue(at: place, schema.columnType)
        guard let value = schema.value(ofColumn: stored) else { throw mismatch(place) }
        return value
    }

    /// The row as a record, each column by its name.
    ///
    /// - Parameter type: the described type.
    public func row<Row: Record>(_ type: Row.Type) throws(PostgresError) -> Row {
        try row(type, rows.places(of: Row.table.layout))
    }

    func row<Row: Record>(_ type: Row.Type, _ places: [Int32]) throws(PostgresError) -> Row {
        var failure: PostgresError?
        do {
            return try Row.table.schema.value { place, type in
                do throws(PostgresError) {
                    return try columnValue(at: places[place], type)
                } catch {
                    failure = error
                    return .null
                }
            }
        } catch {
            throw failure
                ?? PostgresError(
                    .mismatch,
                    message:
                        "what stands in the column \(Row.table.name).\(error.name) is no value of its type")
        }
    }
}
