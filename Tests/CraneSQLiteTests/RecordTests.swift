import Testing

@testable import CraneSQLite

struct Parcel: Record, Equatable {
    let id: Int
    let order: String
    let weight: Double
    let isSent: Bool
    let sentAt: Timestamp?
    let tags: [String]

    static let schema = Object(Parcel.init) {
        Field("id", \.id)
        Field("order", \.order)
        Field("weight", \.weight, default: 1.5)
        Field("is_sent", \.isSent, default: false)
        Field("sent_at", \.sentAt, default: nil)
        Field("tags", \.tags, default: ["it's new"])
    }

    static let table = Table<Parcel>(
        "parcel", indexes: [TableIndex("parcel_order", on: "order", unique: true)])
}

struct ParcelCreate: SchemaRepresentable {
    let order: String

    static let schema = Object(ParcelCreate.init) { Field("order", \.order) }
}

struct ParcelUpdate: SchemaRepresentable {
    let isSent: Bool
    let sentAt: Timestamp?

    static let schema = Object(ParcelUpdate.init) {
        Field("is_sent", \.isSent)
        Field("sent_at", \.sentAt)
    }
}

struct ParcelPatch: SchemaRepresentable {
    let order: Patch<String>
    let sentAt: Patch<Timestamp?>
    let tags: Patch<[String]>

    static let schema = Object(ParcelPatch.init) {
        Field("order", \.order)
        Field("sent_at", \.sentAt)
        Field("tags", \.tags)
    }
}

@Suite("Records")
struct RecordTests {
    let connection: Connection

    init() throws {
        connection = try Connection(.memory, isReader: false)
        try connection.execute(Parcel.table.sqliteSchema)
    }

    @Test("a table is made of its type")
    func schema() {
        #expect(
            Parcel.table.sqliteSchema == """
                CREATE TABLE parcel (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    "order" TEXT NOT NULL,
                    weight REAL NOT NULL DEFAULT 1.5,
                    is_sent INTEGER NOT NULL DEFAULT 0,
                    sent_at INTEGER,
                    tags TEXT NOT NULL DEFAULT '["it''s new"]'
                );
                CREATE UNIQUE INDEX parcel_order ON parcel ("order");
                """)
        let migration = Migration(3, "parcels", creating: Parcel.table)
        #expect(migration == Migration(3, "parcels", sql: Parcel.table.sqliteSchema))
        #expect(Parcel.table.columnList(of: "p").hasPrefix("p.id, p.\"order\", p.weight"))
    }

    @Test("a row is inserted, found, changed and removed by its type")
    func lifecycle() throws {
        let first = try connection.insert(ParcelCreate(order: "a"), into: Parcel.self)
        #expect(
            first == Parcel(id: 1, order: "a", weight: 1.5, isSent: false, sentAt: nil, tags: ["it's new"]))
        #expect(try connection.find(Parcel.self, 1) == first)
        #expect(try connection.find(Parcel.self, 2) == nil)
        let change = ParcelUpdate(isSent: true, sentAt: Timestamp(microseconds: 9))
        let changed = try #require(try connection.update(Parcel.self, 1, to: change))
        #expect(changed.isSent && changed.sentAt == change.sentAt && changed.order == "a")
        #expect(try connection.update(Parcel.self, 2, to: change) == nil)
        let key = try connection.add(
            Parcel(id: 99, order: "b", weight: 2, isSent: true, sentAt: nil, tags: []))
        #expect(key == 2)
        #expect(try connection.select(Parcel.self, "ORDER BY id DESC").map(\.order) == ["b", "a"])
        #expect(
            try connection.select(
                Parcel.self, "WHERE weight > :least AND is_sent = :sent", ["least": 1.75, "sent": true]
            ).map(\.id) == [2])
        #expect(try connection.delete(Parcel.self, 1) == changed)
        #expect(try connection.delete(Parcel.self, 1) == nil)
        #expect(try connection.add(changed) == 3)
        expect(.constraint) { _ = try connection.add(changed) }
        connection.finishBody()
    }

    @Test("a record changes all of its row but the key")
    func wholeUpdate() throws {
        let old = try connection.insert(ParcelCreate(order: "a"), into: Parcel.self)
        let new = Parcel(id: 50, order: "c", weight: 3, isSent: true, sentAt: nil, tags: ["x"])
        let changed = try connection.update(Parcel.self, old.id, to: new)
        #expect(changed == Parcel(id: 1, order: "c", weight: 3, isSent: true, sentAt: nil, tags: ["x"]))
    }

    @Test("a patch changes the columns that it sets, to NULL too, and no other")
    func patch() throws {
        let made = try connection.insert(
            ParcelPatch(order: .value("a"), sentAt: .value(Timestamp(microseconds: 9)), tags: .unset),
            into: Parcel.self)
        #expect(made.order == "a" && made.sentAt?.microseconds == 9 && made.tags == ["it's new"])
        func patched(_ patch: ParcelPatch) throws -> Parcel? {
            try connection.update(Parcel.self, made.id, to: patch)
        }
        #expect(try patched(ParcelPatch(order: .unset, sentAt: .unset, tags: .unset)) == made)
        let renamed = try patched(ParcelPatch(order: .value("b"), sentAt: .unset, tags: .value(["x"])))
        #expect(renamed?.order == "b" && renamed?.sentAt == made.sentAt && renamed?.tags == ["x"])
        let unsent = try patched(ParcelPatch(order: .unset, sentAt: .null, tags: .unset))
        #expect(unsent?.order == "b" && unsent?.sentAt == nil && unsent?.tags == ["x"])
    }

    @Test("rows are chosen by values that were gathered one by one")
    func gathered() throws {
        for order in ["a", "b", "c"] {
            _ = try connection.insert(ParcelCreate(order: order), into: Parcel.self)
        }
        var values: [String: any SchemaRepresentable] = ["least": "b"]
        values["sent"] = false
        let orders = try connection.select(
            Parcel.self, "WHERE \"order\" >= :least AND is_sent = :sent ORDER BY id", values
        ).map(\.order)
        #expect(orders == ["b", "c"])
    }

    @Test("a row is its JSON, without and with a Swift value between")
    func json() throws {
        _ = try connection.insert(ParcelCreate(order: "\"quoted\" \u{E9}\u{1}"), into: Parcel.self)
        _ = try connection.update(
            Parcel.self, 1, to: ParcelUpdate(isSent: true, sentAt: Timestamp(microseconds: 1)))
        _ = try connection.insert(ParcelCreate(order: ""), into: Parcel.self)
        let rows = try connection.prepare("SELECT * FROM parcel ORDER BY id")
        while try rows.step() {
            var json = JSONWriter()
            try rows.write(Parcel.self, to: &json)
            #expect(json.bytes == Parcel.schema.encode(try rows.row(Parcel.self)))
        }
    }

    @Test("columns are found by name in any order, and missed by name")
    func order() throws {
        let parcel = try connection.insert(ParcelCreate(order: "a"), into: Parcel.self)
        let rows = try connection.prepare(
            "SELECT tags, sent_at, 1 AS more, is_sent, weight, \"order\", p.id FROM parcel AS p")
        #expect(try rows.rows(Parcel.self) == [parcel])
        let some = try connection.prepare("SELECT id, \"order\" FROM parcel")
        #expect(try some.step())
        expect(.misuse) { _ = try some.row(Parcel.self) }
        var json = JSONWriter()
        expect(.misuse) { try some.write(Parcel.self, to: &json) }
    }

    @Test("what another program has put into a row is an error that names the column")
    func mismatch() throws {
        try connection.execute("INSERT INTO parcel (\"order\", tags) VALUES ('a', '[1')")
        let error = #expect(throws: DatabaseError.self) { try connection.find(Parcel.self, 1) }
        #expect(error?.message.contains("parcel.tags") == true)
        let rows = try connection.prepare("SELECT * FROM parcel")
        #expect(try rows.step())
        var json = JSONWriter()
        expect(.other) { try rows.write(Parcel.self, to: &json) }
    }

    struct Other: SchemaRepresentable {
        let colour: String
        static let schema = Object(Other.init) { Field("colour", \.colour) }
    }

    struct Nothing: SchemaRepresentable {
        static let schema = Object(Nothing.init) {}
    }

    @Test("a member that is no column is an error, and none at all leaves the defaults")
    func members() throws {
        expect(.misuse) { _ = try connection.insert(Other(colour: "red"), into: Parcel.self) }
        expect(.misuse) { _ = try connection.update(Parcel.self, 1, to: Other(colour: "red")) }
        expect(.constraint) { _ = try connection.insert(Nothing(), into: Parcel.self) }
        let parcel = try connection.insert(ParcelCreate(order: "a"), into: Parcel.self)
        #expect(try connection.update(Parcel.self, parcel.id, to: Nothing()) == parcel)
    }

    @Test("two types bind to one statement, each its own members")
    func severalTypes() throws {
        let statement = try connection.prepare("SELECT :order || :is_sent AS it")
        try statement.bind(members: ParcelCreate(order: "a"))
        try statement.bind(members: ParcelUpdate(isSent: true, sentAt: nil))
        #expect(try statement.step() && statement.text("it") == "a1")
        try statement.bind(members: ParcelCreate(order: "b"))
        #expect(try statement.step() && statement.text("it") == "b1")
    }
}
