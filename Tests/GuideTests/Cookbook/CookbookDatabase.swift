// The recipes of Docs/Cookbook.md about lists and changes in a database.
import Crane
import CraneSQLite

private struct Shipment: Record {
    let id: Int
    let grams: Int
    let isSent: Bool
    let note: String?
    let version: Int

    static let schema = Object(Shipment.init) {
        Field("id", \.id)
        Field("grams", \.grams)
        Field("is_sent", \.isSent)
        Field("note", \.note)
        Field("version", \.version, default: 1)
    }
    static let table = Table<Shipment>("shipment", indexes: [TableIndex("shipment_grams", on: "grams", "id")])
}

private enum ShipmentOrder: String, CaseIterable, SchemaRepresentable {
    case lightest = "grams"
    case heaviest = "-grams"

    static let schema = Choice<ShipmentOrder>()
}

private struct ShipmentFilter: SchemaRepresentable {
    let isSent: Bool?
    let sort: ShipmentOrder
    let cursor: String?
    let limit: Int

    static let schema = Object(ShipmentFilter.init) {
        Field("is_sent", \.isSent, default: nil)
        Field("sort", \.sort, default: .lightest)
        Field("cursor", \.cursor, .optional(.string(pattern: "^[0-9]+-[0-9]+$")), default: nil)
        Field("limit", \.limit, .int(in: 1...100), default: 20)
    }
}

private struct ShipmentPage: SchemaRepresentable {
    let items: [Shipment]
    let next: String?

    static let schema = Object(ShipmentPage.init) {
        Field("items", \.items)
        Field("next", \.next)
    }
}

private struct ShipmentChange: SchemaRepresentable {
    let note: Patch<String?>
    let isSent: Patch<Bool>

    static let schema = Object(ShipmentChange.init) {
        Field("note", \.note, .patch(.optional(.string(maxLength: 100))))
        Field("is_sent", \.isSent)
    }
}

private func list(_ filter: ShipmentFilter, _ database: Database) throws -> ShipmentPage {
    let isRising = filter.sort == .lightest
    var conditions = ["true"]
    var values: [String: any SchemaRepresentable] = ["count": filter.limit + 1]
    if let isSent = filter.isSent {
        conditions.append("is_sent = :is_sent")
        values["is_sent"] = isSent
    }
    if let parts = filter.cursor?.split(separator: "-").map({ Int($0) }) {
        conditions.append("(grams, id) \(isRising ? ">" : "<") (:grams, :id)")
        values["grams"] = parts[0]
        values["id"] = parts[1]
    }
    let order = isRising ? "grams, id" : "grams DESC, id DESC"
    let rows = try database.read { connection in
        try connection.select(
            Shipment.self, "WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order) LIMIT :count",
            values)
    }
    let items = Array(rows.prefix(filter.limit))
    let last = rows.count > items.count ? items.last : nil
    return ShipmentPage(items: items, next: last.map { "\($0.grams)-\($0.id)" })
}

private func shipments() throws -> Database {
    let database = try Database(Database.Configuration(.memory))
    let some = "INSERT INTO shipment (grams, is_sent) VALUES (200, true), (900, false), (500, true)"
    _ = try database.migrate([
        Migration(1, "shipments", creating: Shipment.table), Migration(2, "some", sql: some),
    ])
    return database
}

func addDatabaseRecipes(to app: inout App) throws {
    let database = try shipments()

    app.get("/shipments", Query(ShipmentFilter.self)) { filter in try list(filter, database) }

    app.get("/shipments/{id}", Path("id", Int.self)) { id in
        guard let shipment = try database.read({ try $0.find(Shipment.self, id) }) else {
            throw HTTPError(.notFound)
        }
        return Tagged(shipment, tag: "\(shipment.version)")
    }
    app.patch("/shipments/{id}", Path("id", Int.self), Body(ShipmentChange.self), RequestInput()) {
        id, change, request in
        let shipment = try await database.write { connection in
            guard let old = try connection.find(Shipment.self, id) else { throw HTTPError(.notFound) }
            try Preconditions(request).require("\(old.version)")
            let renew = try connection.prepare("UPDATE shipment SET version = version + 1 WHERE id = :id")
            try renew.bind("id", id)
            try renew.run()
            return try connection.update(Shipment.self, id, to: change)
        }
        guard let shipment else { throw HTTPError(.notFound) }
        return Tagged(shipment, tag: "\(shipment.version)")
    }
}
