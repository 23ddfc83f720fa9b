public import CraneSchema

// Rows as values of described types. Each keeps its statement from call to call.
extension Connection {
    /// The row of this key; nil when there is none.
    @inlinable
    public func find<Row: Record>(_ type: Row.Type, _ key: Int) throws(DatabaseError) -> Row? {
        try statement(on: type, key)?.row(type)
    }

    /// A statement that stands on the row of this key, for a row that is written and not made; nil when there is none.
    ///
    /// It is good until the next call for this type.
    @inlinable
    public func statement<Row: Record>(on type: Row.Type, _ key: Int) throws(DatabaseError) -> Statement? {
        let table = Row.table
        return try statement(table.layout, table.name, found: key)
    }

    @usableFromInline
    func statement(_ layout: TableLayout, _ table: String, found key: Int) throws(DatabaseError) -> Statement?
    {
        let statement = try prepare(StatementCache.Key(.find, layout)) {
            let columns = layout.columns.map(\.quotedName).joined(separator: ", ")
            let keyName = layout.columns[layout.keyPlace].quotedName
            return "SELECT \(columns) FROM \(SQLName.quoted(table)) WHERE \(keyName) = :key"
        }
        try statement.bind(key, at: 1)
        return try statement.step() ? statement : nil
    }

    /// The rows that SQL behind `FROM` chooses: `try connection.select(Todo.self, "WHERE done = :done", ["done": true])`.
    ///
    /// All of them are made: say `LIMIT`.
    public func select<Row: Record>(
        _ type: Row.Type, _ clauses: String = "",
        _ values: KeyValuePairs<String, any SchemaRepresentable> = [:]
    ) throws(DatabaseError) -> [Row] {
        let table = Row.table
        let statement = try prepare("SELECT \(table.columnList()) FROM \(table.quotedName) " + clauses)
        for (name, value) in values { try statement.bind(name, value) }
        return try statement.rows(type)
    }

    /// The same with values that were gathered while the clauses were: for a list whose filters may be left out.
    @_disfavoredOverload
    public func select<Row: Record>(
        _ type: Row.Type, _ clauses: String, _ values: [String: any SchemaRepresentable]
    ) throws(DatabaseError) -> [Row] {
        let table = Row.table
        let statement = try prepare("SELECT \(table.columnList()) FROM \(table.quotedName) " + clauses)
        for (name, value) in values { try statement.bind(name, value) }
        return try statement.rows(type)
    }

    /// Inserts a record under a key that the database gives, whatever the record has in its place, and returns the key.
    ///
    /// - Throws: `constraint`.
    public func add<Row: Record>(_ row: Row) throws(DatabaseError) -> Int {
        let table = Row.table
        let statement = try statement(.add, of: table) {
            let names = table.columns.map(\.name).filter { $0 != table.key.name }
            return "INSERT INTO \(table.quotedName) " + SQLName.values(of: names)
        }
        try statement.bind(members: row)
        try statement.run()
        return Int(lastInsertRowID)
    }

    /// Inserts a row with the members of a described struct and returns it as it is kept.
    ///
    /// The database gives the key, and what is left out its default, a `Patch` that is unset too.
    ///
    /// - Throws: `misuse` for a member that is no column; `constraint`.
    public func insert<Value, Row: Record>(
        _ value: Value, into type: Row.Type
    ) throws(DatabaseError) -> Row where Value: SchemaRepresentable, Value.Description == Object<Value> {
        let table = Row.table
        let statement = try statement(.insert, of: table, from: value) { names in
            "INSERT INTO \(table.quotedName) \(SQLName.values(of: names)) RETURNING \(table.columnList())"
        }
        try statement.bind(members: value)
        guard try statement.step() else {
            throw DatabaseError(.other, message: "the new row of \(table.name) is not there")
        }
        return try statement.row(type)
    }

    /// Changes the columns of a row that a described struct has, and returns the row as it then is; nil when there is none.
    ///
    /// A `Patch` that is unset leaves its column as it is.
    ///
    /// - Throws: as ``insert(_:into:)``.
    public func update<Value, Row: Record>(
        _ type: Row.Type, _ key: Int, to value: Value
    ) throws(DatabaseError) -> Row? where Value: SchemaRepresentable, Value.Description == Object<Value> {
        let table = Row.table
        let statement = try statement(.update, of: table, from: value) { names in
            // Something must be set.
            let names = names.isEmpty ? [table.key.name] : names
            let changes = names.map { "\(SQLName.quoted($0)) = :\($0)" }.joined(separator: ", ")
            return """
                UPDATE \(table.quotedName) SET \(changes) WHERE \(table.key.quotedName) = :\(table.key.name) \
                RETURNING \(table.columnList())
                """
        }
        try statement.bind(members: value)
        try statement.bind(table.key.name, key)
        return try statement.step() ? try statement.row(type) : nil
    }

    /// Removes a row, and returns what it was; nil when there is none.
    public func delete<Row: Record>(_ type: Row.Type, _ key: Int) throws(DatabaseError) -> Row? {
        let table = Row.table
        let statement = try statement(.delete, of: table) {
            """
            DELETE FROM \(table.quotedName) WHERE \(table.key.quotedName) = :key RETURNING \(table.columnList())
            """
        }
        try statement.bind(key, at: 1)
        return try statement.step() ? try statement.row(type) : nil
    }

    private func statement<Row>(
        _ purpose: StatementCache.Purpose, of table: Table<Row>, _ sql: () -> String
    ) throws(DatabaseError) -> Statement {
        try prepare(StatementCache.Key(purpose, table), sql)
    }

    /// A statement with the members that `value` has, but for the key; their names must be columns.
    private func statement<Row, Value>(
        _ purpose: StatementCache.Purpose, of table: Table<Row>, from value: Value,
        _ sql: ([String]) -> String
    ) throws(DatabaseError) -> Statement
    where Value: SchemaRepresentable, Value.Description == Object<Value> {
        let schema = Value.schema
        func text(_ names: [String]) throws(DatabaseError) -> String {
            for name in names where !table.columns.contains(where: { $0.name == name }) {
                throw DatabaseError(.misuse, message: "\(table.name) has no column \(name)")
            }
            return sql(names.filter { $0 != table.key.name })
        }
        if let names = schema.columnNames(setIn: value) { return try prepare(text(names)) }
        return try prepare(StatementCache.Key(purpose, table, schema.identity)) { () throws(DatabaseError) in
            try text((0..<schema.columnCount).map { schema.columnName(at: $0) })
        }
    }
}
