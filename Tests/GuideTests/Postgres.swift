// The examples of Docs/Guide/Postgres.md.
import Crane
import CranePostgres
import CraneTesting
import TestSupport
import Testing

struct Item: Record, Equatable {
    let id: Int
    let name: String
    let price: Double

    static let schema = Object(Item.init) {
        Field("id", \.id)
        Field("name", \.name, .string(minLength: 1, maxLength: 80))
        Field("price", \.price)
    }
    static let table = Table<Item>("item")
}

struct Shop: Sendable {
    let database: PostgresClient

    func items(below price: Double) async throws -> [Item] {
        try await database.query(
            "SELECT id, name, price FROM item WHERE price < \(price) ORDER BY id LIMIT 100"
        ).rows(Item.self)
    }

    func find(_ ids: [Int]) async throws -> [String] {
        let rows = try await database.query("SELECT name FROM item WHERE id = ANY(\(ids)) ORDER BY id")
        return try rows.map { row in try row.text("name") }
    }
}

extension Shop {
    func add(_ name: String, for price: Double) async throws -> Int {
        try await database.execute("INSERT INTO item (name, price) VALUES (\(name), \(price)) RETURNING id")[
            0
        ]
        .int("id")
    }

    func swapPrices(of one: Int, and other: Int) async throws {
        try await database.transaction { transaction in
            let rows = try await transaction.execute(
                "SELECT id, name, price FROM item WHERE id IN (\(one), \(other)) ORDER BY id FOR UPDATE"
            ).rows(Item.self)
            guard rows.count == 2 else { throw HTTPError(.notFound, "There are no such items") }
            try await transaction.execute("UPDATE item SET price = \(rows[1].price) WHERE id = \(rows[0].id)")
            try await transaction.execute("UPDATE item SET price = \(rows[0].price) WHERE id = \(rows[1].id)")
        }
    }
}

let shopSchema = [
    PostgresMigration(
        1, "items",
        sql: """
            CREATE TABLE item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, price float8 NOT NULL);
            CREATE INDEX item_price ON item (price, id);
            """)
]

func openShop(_ url: String) throws -> Shop {
    let configuration = try PostgresConfiguration(url)
    try configuration.migrate(shopSchema)
    return Shop(database: PostgresClient(configuration))
}

func shopApp(_ shop: Shop) -> App {
    var app = App(title: "Shop")
    let service = Dependency.constant(shop)
    app.get("/items", Query("below", Double.self), service) { price, shop in
        try await shop.items(below: price)
    }
    return app
}

func follow(_ database: PostgresClient, _ news: (String) -> Void) async {
    for await notification in database.notifications(on: "items") {
        switch notification {
        case .listening: news("look at the table")
        case .notified(_, let payload): news(payload)
        }
    }
}

@Suite("PostgreSQL", .timeLimit(.minutes(5)))
struct PostgresChapterTests {
    @Test("items are found by their price", .needsPostgres)
    func shop() async throws {
        let shop = try openShop(PostgresServer.shared().database())
        let tea = try await shop.add("tea", for: 4.5)
        let cup = try await shop.add("cup", for: 9)
        try await shop.swapPrices(of: tea, and: cup)
        #expect(try await shop.find([tea, cup]) == ["tea", "cup"])
        let response = try await TestClient(shopApp(shop)).get("/items?below=5")
        #expect(try response.json() == [["id": .integer(cup), "name": "cup", "price": 4.5]])
    }

    @Test("news come", .needsPostgres)
    func news() async throws {
        let shop = try openShop(PostgresServer.shared().database())
        let heard = Journal<String>()
        let following = Task { await follow(shop.database) { heard.note($0) } }
        try await heard.wait(forCount: 1)
        try await shop.database.execute("NOTIFY items, 'tea'")
        try await heard.wait { $0 == ["look at the table", "tea"] }
        following.cancel()
        await following.value
    }
}
