import CPostgres
public import CraneSchema

// Columns by number, from 0. libpq's bytes live as long as the result, which the row keeps.
extension PostgresRow {
    /// The number of the column's type (`pg_type.oid`).
    func type(at place: Int32) -> UInt32 { unsafe crane_PQftype(rows.result, place) }

    func isNull(at place: Int32) -> Bool { unsafe crane_PQgetisnull(rows.result, number, place) != 0 }

    /// The value in the server's binary form, none for NULL.
    @unsafe
    func bytes(at place: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = unsafe crane_PQgetvalue(rows.result, number, place)
        let count = unsafe Int(crane_PQgetlength(rows.result, number, place))
        return unsafe UnsafeBufferPointer(
            start: UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// A whole number, a truth value as 0 or 1, or a time as microseconds since 1970.
    func int(at place: Int32) throws(PostgresError) -> Int {
        let bytes = unsafe bytes(at: place)
        guard let start = unsafe UnsafeRawPointer(bytes.baseAddress), !isNull(at: place) else {
            throw mismatch(place)
        }
        // Lengths are those of the types (pg_type.typlen).
        switch type(at: place) {
        case 20: return Int(Int64(bigEndian: unsafe start.loadUnaligned(as: Int64.self)))
        case 23, 26: return Int(Int32(bigEndian: unsafe start.loadUnaligned(as: Int32.self)))
        case 21: return Int(Int16(bigEndian: unsafe start.loadUnaligned(as: Int16.self)))
        case 16: return unsafe start.load(as: UInt8.self) == 0 ? 0 : 1
        case 1184, 1114:
            return Int(Int64(bigEndian: unsafe start.loadUnaligned(as: Int64.self)))
                &+ Timestamp.postgresEpoch
        default: throw mismatch(place)
        }
    }

    func double(at place: Int32) throws(PostgresError) -> Double {
        let bytes = unsafe bytes(at: place)
        guard let start = unsafe UnsafeRawPointer(bytes.baseAddress), !isNull(at: place) else {
            throw mismatch(place)
        }
        switch type(at: place) {
        case 701: return Double(bitPattern: UInt64(bigEndian: unsafe start.loadUnaligned(as: UInt64.self)))
        case 700:
            return Double(Float(bitPattern: UInt32(bigEndian: unsafe start.loadUnaligned(as: UInt32.self))))
        default: return Double(try int(at: place))
        }
    }

    func text(at place: Int32) throws(PostgresError) -> String {
        unsafe String(decoding: try utf8(at: place), as: UTF8.self)
    }

    /// The bytes of a text.
    @unsafe
    func utf8(at place: Int32) throws(PostgresError) -> UnsafeBufferPointer<UInt8> {
        guard !isNull(at: place) else { throw mismatch(place) }
        let bytes = unsafe bytes(at: place)
        switch type(at: place) {
        // text, varchar, bpchar, name, json, xml, what is of no type yet, and bytes that are UTF-8.
        case 25, 1043, 1042, 19, 114, 142, 705, 17: return unsafe bytes
        // jsonb has its version before it (jsonb_send in PostgreSQL's sources).
        case 3802: return unsafe UnsafeBufferPointer(rebasing: bytes.dropFirst())
        default: throw mismatch(place)
        }
    }

    func columnValue(at place: Int32, _ type: ColumnType) throws(PostgresError) -> ColumnValue {
        if type.isNullable, isNull(at: place) { return .null }
        return switch type.storage {
        case .integer, .boolean, .timestamp: .integer(try int(at: place))
        case .real: .real(try double(at: place))
        case .text, .json: .text(try text(at: place))
        }
    }

    func mismatch(_ place: Int32) -> PostgresError {
        let name = unsafe crane_PQfname(rows.result, place).map { unsafe String(cString: $0) } ?? "\(place)"
        let what = isNull(at: place) ? "NULL" : "of the type \(type(at: place))"
        return PostgresError(.mismatch, message: "the column \(name) is \(what), which was not asked for")
    }
}

/// Writes rows of a result as the JSON of a record, without Swift values between.
public struct PostgresRowWriter {
    private let rows: PostgresRows
    private let places: [Int32]
    private let types: [ColumnType]
    private let openings: MemberOpenings
    private let keyPlace: Int32

    init(_ rows: PostgresRows, _ places: [Int32], _ layout: TableLayout) {
        self.rows = rows
        self.places = places
        types = layout.types
        openings = layout.openings
        keyPlace = places[layout.keyPlace]
    }

    /// The key of a row.
    ///
    /// - Parameter number: the row's place in the result.
    public func key(of number: Int) throws(PostgresError) -> Int { try rows[number].int(at: keyPlace) }

    /// Appends a row.
    ///
    /// - Parameters:
    ///   - number: the row's place in the result.
    ///   - json: what the row is appended to.
    ///   - longest: the bytes that a text may have.
    /// - Returns: false before the first text that is longer; what has been appended of the row is to be cut off then.
    /// - Throws: `mismatch` where a column holds no value of its field.
    @discardableResult
    public func write(
        _ number: Int, to json: inout JSONWriter, longest: Int = .max
    ) throws(PostgresError) -> Bool {
        let row = rows[number]
        for index in places.indices {
            json.opening(openings, at: index)
            let (place, type) = (places[index], types[index])
            if type.isNullable, row.isNull(at: place) {
                json.null()
                continue
            }
            switch type.storage {
            case .integer: json.integer(try row.int(at: place))
            case .boolean: json.bool(try row.int(at: place) != 0)
            case .real: json.double(try row.double(at: place))
            case .text:
                // The result's own bytes, which the writer copies.
                let text = try unsafe row.utf8(at: place)
                if text.count > longest { return false }
                json.string(unsafe text.span)
            case .timestamp: json.timestamp(Timestamp(microseconds: try row.int(at: place)))
            case .json:
                guard let value = try? JSONValue.parse(Array(row.text(at: place).utf8)) else {
                    throw row.mismatch(place)
                }
                JSONValue.schema.write(value, to: &json)
            }
        }
        json.byte(UInt8(ascii: "}"))
        return true
    }
}
