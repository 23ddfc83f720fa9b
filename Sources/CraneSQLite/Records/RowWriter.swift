public import CraneSchema

/// Writes rows of a statement as the JSON of a record, without Swift values between; good as long as the statement.
public struct RowWriter {
    private let statement: Statement
    private let places: [Int32]
    private let types: [ColumnType]
    private let openings: MemberOpenings
    private let keyPlace: Int32

    @usableFromInline
    init(_ statement: Statement, _ places: [Int32], _ layout: TableLayout) {
        self.statement = statement
        self.places = places
        types = layout.types
        openings = layout.openings
        keyPlace = places[layout.keyPlace]
    }

    /// The key of the row.
    public var key: Int { statement.int(at: keyPlace) }

    /// Appends the row.
    ///
    /// - Parameters:
    ///   - json: what the row is appended to.
    ///   - longest: the bytes that a text may have.
    /// - Returns: false before the first text that is longer; what has been appended of the row is to be cut off then.
    /// - Throws: `other` where a column of JSON holds none.
    @discardableResult
    public func write(to json: inout JSONWriter, longest: Int = .max) throws(DatabaseError) -> Bool {
        for index in places.indices {
            json.opening(openings, at: index)
            guard try writeValue(at: places[index], types[index], longest, to: &json) else { return false }
        }
        json.byte(UInt8(ascii: "}"))
        return true
    }

    @inline(__always)
    private func writeValue(
        at place: Int32, _ type: ColumnType, _ longest: Int, to json: inout JSONWriter
    ) throws(DatabaseError) -> Bool {
        if type.isNullable, statement.isNull(at: place) {
            json.null()
            return true
        }
        switch type.storage {
        case .integer: json.integer(statement.int(at: place))
        case .boolean: json.bool(statement.int(at: place) != 0)
        case .real: json.double(statement.double(at: place))
        case .text:
            // SQLite's bytes are good until the next step; the writer copies them.
            let text = unsafe statement.utf8(at: place)
            if text.count > longest { return false }
            json.string(unsafe text.span)
        case .timestamp: json.timestamp(Timestamp(microseconds: statement.int(at: place)))
        case .json: try writeJSON(at: place, to: &json)
        }
        return true
    }

    /// Whoever else writes to the file may have put anything there.
    private func writeJSON(at place: Int32, to json: inout JSONWriter) throws(DatabaseError) {
        guard let value = try? JSONValue.parse(Array(statement.text(at: place).utf8)) else {
            throw Statement.mismatch(statement.name(at: place))
        }
        JSONValue.schema.write(value, to: &json)
    }
}
