/// A table of a database whose rows are the values of one described type: its columns are the fields.
///
/// Made once and kept in a constant: connections find their prepared statements by its identity. A mistake in its names stops
/// the program when it is made.
public final class Table<Row: Sendable>: Sendable {
    public let name: String
    public let schema: Object<Row>
    /// The column that a row is found by, to which the database gives a value of its own in each new row.
    public let key: Column
    public let indexes: [TableIndex]
    /// The columns without what the rows are made of.
    @usableFromInline package let layout: TableLayout

    /// Describes the table of a schema.
    ///
    /// - Parameters:
    ///   - name: the name of the table.
    ///   - schema: the schema of the rows.
    ///   - key: the name of an integer column.
    ///   - indexes: the indexes of the table.
    public init(_ name: String, of schema: Object<Row>, key: String = "id", indexes: [TableIndex] = []) {
        self.name = name
        self.schema = schema
        self.indexes = indexes
        let layout = TableLayout(schema.columns, key: key, openings: schema.openings)
        self.layout = layout
        guard let keyColumn = layout.columns.first(where: { $0.name == key }) else {
            fatalError("the table \(name) has no column \(key), which is to be its key")
        }
        self.key = keyColumn
        if let mistake { fatalError("the table \(name): \(mistake)") }
    }

    public var columns: [Column] { layout.columns }

    /// What is wrong with the names; `nil` for nothing.
    private var mistake: String? {
        if key.type != ColumnType(.integer) { return "its key \(key.name) is no integer" }
        let names = columns.map(\.name)
        if let name = names.first(where: { !Self.isName($0) }) {
            return "the name '\(name)' is not of letters, digits and _"
        }
        let indexed = indexes.flatMap(\.columns)
        return indexed.first { !names.contains($0) }.map { "there is no column \($0) for an index" }
    }

    /// Whether a statement can call a column and its parameter so.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39 ~= first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension Table where Row: Record {
    /// Describes the table of a record.
    ///
    /// - Parameters:
    ///   - name: the name of the table.
    ///   - key: the name of an integer column.
    ///   - indexes: the indexes of the table.
    public convenience init(_ name: String, key: String = "id", indexes: [TableIndex] = []) {
        self.init(name, of: Row.schema, key: key, indexes: indexes)
    }
}

/// An index over some columns of a table.
public struct TableIndex: Hashable, Sendable {
    public let name: String
    public let columns: [String]
    /// Whether no two rows may have the same values there.
    public let isUnique: Bool

    public init(_ name: String, on columns: String..., unique isUnique: Bool = false) {
        self.name = name
        self.columns = columns
        self.isUnique = isUnique
    }
}

/// A table's columns, for a driver that knows nothing of its rows' type.
@usableFromInline
package final class TableLayout: Sendable {
    package let columns: [Column]
    /// Where the key stands among them.
    package let keyPlace: Int
    /// Nothing in them is counted: to go through them costs no retain.
    package let types: [ColumnType]
    package let openings: MemberOpenings

    init(_ columns: [Column], key: String, openings: MemberOpenings) {
        keyPlace = columns.firstIndex { $0.name == key } ?? 0
        self.columns = columns
        self.openings = openings
        types = columns.map(\.type)
    }
}
