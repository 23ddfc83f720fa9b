public import CraneSchema

extension Statement {
    /// The row as a record: each of its columns is looked for by name, wherever it stands in the result.
    ///
    /// Where they stand is found out once for a statement.
    ///
    /// - Throws: `misuse` for a result without one of the columns; `other` where a column holds no value of its field.
    @inlinable
    public func row<Row: Record>(_ type: Row.Type) throws(DatabaseError) -> Row {
        let table = Row.table
        let places = try places(of: table.layout)
        do {
            return try table.schema.value { place, type in columnValue(at: places[place], type) }
        } catch {
            throw Statement.mismatch("\(table.name).\(error.name)")
        }
    }

    /// The rows that are left, as records.
    public func rows<Row: Record>(_ type: Row.Type) throws(DatabaseError) -> [Row] {
        var rows: [Row] = []
        while try step() { rows.append(try row(type)) }
        return rows
    }

    /// Appends the row as the JSON of a record, straight from SQLite's bytes; for many rows see ``writer(of:)``.
    ///
    /// Text that is not UTF-8 is replaced by U+FFFD where it is not.
    ///
    /// - Throws: as ``row(_:)``.
    @inlinable
    public func write<Row: Record>(_ type: Row.Type, to json: inout JSONWriter) throws(DatabaseError) {
        try writer(of: type).write(to: &json)
    }

    /// What writes the JSON of each row that the statement goes to.
    ///
    /// - Throws: `misuse` for a result without one of the columns.
    @inlinable
    public func writer<Row: Record>(of type: Row.Type) throws(DatabaseError) -> RowWriter {
        let layout = Row.table.layout
        return RowWriter(self, try places(of: layout), layout)
    }

    /// Binds the members of a described struct to the parameters that are called like them; members without one are left out, and a
    /// `Patch` that is unset is NULL.
    public func bind<Value>(members value: Value) throws(DatabaseError)
    where Value: SchemaRepresentable, Value.Description == Object<Value> {
        let schema = Value.schema
        let places = places(of: schema)
        for (index, place) in places.enumerated() where place > 0 {
            try bind(schema.columnValue(of: value, at: index), at: place)
        }
    }

    /// Where the columns of a table stand in the result.
    @usableFromInline
    func places(of layout: TableLayout) throws(DatabaseError) -> [Int32] {
        if let known = resultPlaces, known.owner === layout {
            return known.places
        }
        var places: [Int32] = []
        for column in layout.columns { places.append(try place(of: column.name)) }
        resultPlaces = Places(owner: layout, places: places)
        return places
    }

    /// Which parameter each member is bound to; 0 for none.
    private func places<Value>(of schema: Object<Value>) -> [Int32] {
        if let known = parameterPlaces, known.owner === schema.identity {
            return known.places
        }
        let places = (0..<schema.columnCount).map { number(ofParameter: schema.columnName(at: $0)) }
        parameterPlaces = Places(owner: schema.identity, places: places)
        return places
    }

    /// The numbers of a type's columns in one statement.
    struct Places {
        let owner: AnyObject
        let places: [Int32]
    }
}
