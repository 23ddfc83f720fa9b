extension Object {
    /// The columns that a table of such values has, in the order of the fields.
    public var columns: [Column] {
        core.reader.members.map { Column(name: $0.name, type: $0.columnType, fallback: $0.columnFallback()) }
    }

    /// What all copies of it share.
    package var identity: AnyObject { core }

    /// How many columns there are.
    package var columnCount: Int { core.reader.members.count }

    /// The name of the column in a place.
    package func columnName(at place: Int) -> String { core.reader.members[place].name }

    /// What a value has in the column in a place; NULL where it leaves the member out.
    package func columnValue(of value: Value, at place: Int) -> ColumnValue {
        core.store[place](value) ?? .null
    }

    /// The names of the columns that a value does not leave out; `nil` for all of them, where none can be.
    package func columnNames(setIn value: Value) -> [String]? {
        guard core.mayLeaveOut else { return nil }
        return (0..<columnCount).filter { core.store[$0](value) != nil }.map { columnName(at: $0) }
    }

    /// The value of a row, of which `columns` gives what stands in a place as what is kept there.
    ///
    /// - Throws: `ColumnMismatch` where that is none of the field's values.
    @inlinable
    package func value(
        ofColumns columns: (Int, ColumnType) -> ColumnValue
    ) throws(ColumnMismatch) -> Value {
        try core.value(ofColumns: columns)
    }
}
