import Crane
import CraneSQLite
import CraneService

struct Settings: ServiceSettings {
    var server = ServerSettings()
    var database = "links.db"

    static let catalog = SettingCatalog<Settings>(
        prefix: "LINKS_",
        [Setting("LINKS_DATABASE", \.database, "the path of a file") { SettingText.text($0) }])
}

struct LinkCreate: SchemaRepresentable {
    let url: String

    static let schema = Object(LinkCreate.init) {
        Field("url", \.url, .string(maxLength: 2000, pattern: "^https?://"))
    }
}

struct Link: SchemaRepresentable {
    let code: String
    let url: String

    static let schema = Object(Link.init) {
        Field("code", \.code)
        Field("url", \.url)
    }
}

extension Migration {
    static let links = Migration(
        1, "links", sql: "CREATE TABLE link (id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL)")
}

struct Links: Service {
    static let name = "Links"
    static let version = "1.0.0"

    private let database: Database

    init(_ settings: Settings, _ context: ServiceContext) throws {
        let database = try Database(Database.Configuration(.file(settings.database)))
        _ = try database.migrate([.links])
        context.readiness = Readiness("database not writable") {
            try await database.write { try $0.execute("PRAGMA application_id = 0") }
        }
        context.metrics = { [.counter("writes_total", "Writes committed.", database.counters.writes)] }
        self.database = database
    }

    func app(for settings: Settings, in context: ServiceContext) -> App {
        var app = context.app(for: settings.server, title: Self.name, version: Self.version)
        app.post("/links", Body(LinkCreate.self)) { [database] new in
            try await database.write { connection in
                let insert = try connection.prepare("INSERT INTO link (url) VALUES (:url) RETURNING id")
                try insert.bind("url", new.url)
                guard try insert.step() else { throw HTTPError(.internalServerError) }
                return Link(code: String(try insert.int("id"), radix: 36), url: new.url)
            }
        }.status(.created).name("create_link")
        app.get("/{code}", Path("code", String.self)) { [database] code in
            let url = try database.read { connection in
                let row = try connection.prepare("SELECT url FROM link WHERE id = :id")
                try row.bind("id", Int(code, radix: 36) ?? 0)
                return try row.step() ? row.text("url") : nil
            }
            guard let url else { throw HTTPError(.notFound, "There is no such link") }
            return RedirectResponse(to: url)
        }.name("follow_link")
        return app
    }

    func report(on settings: Settings) -> StartReport {
        StartReport(
            facts: [("Database", settings.database)],
            warnings: settings.server.warnings(prefix: Settings.catalog.prefix))
    }

    func close() { database.close() }
}

Links.main()
