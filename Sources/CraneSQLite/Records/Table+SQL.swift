import CSQLite
public import CraneSchema

extension Table {
    /// The statements that make the table and its indexes in SQLite, to begin the migrations with.
    ///
    /// A member with a default value has it there too. Numbers, truth values and times are INTEGER or REAL, all else is TEXT.
    public var sqliteSchema: String {
        let lines = columns.map { "    " + ($0.name == key.name ? $0.sqliteKey : $0.sqliteDefinition) }
        let table = "CREATE TABLE \(quotedName) (\n\(lines.joined(separator: ",\n"))\n);"
        let indexes = indexes.map { index in
            let columns = index.columns.map(SQLName.quoted).joined(separator: ", ")
            let kind = index.isUnique ? "UNIQUE INDEX" : "INDEX"
            return "CREATE \(kind) \(SQLName.quoted(index.name)) ON \(quotedName) (\(columns));"
        }
        return ([table] + indexes).joined(separator: "\n")
    }

    /// The columns' names as a statement lists them: `id, talk_id`, or `c.id, c.talk_id` of a table called `c` there.
    public func columnList(of alias: String? = nil) -> String {
        let table = alias.map { SQLName.quoted($0) + "." } ?? ""
        return columns.map { table + $0.quotedName }.joined(separator: ", ")
    }

    /// A parameter for each column, called like it: `:id, :talk_id`.
    public var parameterList: String {
        columns.map { ":\($0.name)" }.joined(separator: ", ")
    }

    /// The table's name as it stands in a statement.
    public var quotedName: String { SQLName.quoted(name) }
}

extension Migration {
    /// A step that makes a table and its indexes.
    ///
    /// As every migration it must stay what it was when it was released: before the type changes, put `Table.sqliteSchema` in
    /// its place as text, which is the same migration.
    public init<Row>(_ number: Int, _ name: String, creating table: Table<Row>) {
        self.init(number, name, sql: table.sqliteSchema)
    }
}

/// Names of tables and columns in statements.
enum SQLName {
    /// The name, in quotes where it is one of SQLite's words (https://sqlite.org/lang_keywords.html).
    static func quoted(_ name: String) -> String {
        let isKeyword = unsafe sqlite3_keyword_check(name, Int32(clamping: name.utf8.count)) != 0
        return isKeyword ? "\"\(name)\"" : name
    }

    /// What follows the table in an INSERT of these columns, by parameters that are called like them.
    static func values(of columns: [String]) -> String {
        if columns.isEmpty { return "DEFAULT VALUES" }
        let parameters = columns.map { ":\($0)" }.joined(separator: ", ")
        return "(\(columns.map(quoted).joined(separator: ", "))) VALUES (\(parameters))"
    }
}

extension Column {
    var quotedName: String { SQLName.quoted(name) }

    /// AUTOINCREMENT: the key of a row that has gone is given to no other (https://sqlite.org/autoinc.html).
    fileprivate var sqliteKey: String { "\(quotedName) INTEGER PRIMARY KEY AUTOINCREMENT" }

    fileprivate var sqliteDefinition: String {
        let affinity =
            switch type.storage {
            case .integer, .boolean, .timestamp: "INTEGER"
            case .real: "REAL"
            case .text, .json: "TEXT"
            }
        let missing =
            switch fallback {
            case nil, .null?: ""
            case .integer(let number)?: " DEFAULT \(number)"
            case .real(let number)?: " DEFAULT \(number)"
            case .text(let text)?:
                " DEFAULT '\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
            }
        return "\(quotedName) \(affinity)" + (type.isNullable ? "" : " NOT NULL") + missing
    }
}
