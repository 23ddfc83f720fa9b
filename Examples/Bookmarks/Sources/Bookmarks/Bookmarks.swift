import Crane
import CranePasswords
import CraneSQLite
import CraneService

struct Settings: ServiceSettings {
    var server = ServerSettings()
    var database = "bookmarks.db"
    var files = "."
    var resources = "Resources"
    var secret = SecretToken.random()
    var redirectsToHTTPS = false

    /// No file at all is for tests.
    var location: Database.Configuration.Location { database.isEmpty ? .memory : .file(database) }

    static let catalog = SettingCatalog<Settings>(
        prefix: "BOOKMARKS_",
        [
            Setting("BOOKMARKS_DATABASE", \.database, "the path of a file") { SettingText.text($0) },
            Setting("BOOKMARKS_FILES", \.files, "the folder of pictures") { SettingText.text($0) },
            Setting("BOOKMARKS_RESOURCES", \.resources, "the folder of templates and styles") {
                SettingText.text($0)
            },
            Setting("BOOKMARKS_SECRET", \.secret, "32 bytes or more, as of openssl rand -base64 32") {
                $0.utf8.count >= 32 ? $0 : nil
            },
            Setting("BOOKMARKS_HTTPS", \.redirectsToHTTPS, "true or false") { SettingText.boolean($0) },
        ])
}

struct Bookmarks: Service {
    static let name = "Bookmarks"
    static let version = "1.0.0"

    let store: Store
    let accounts: Accounts
    let hub = Hub()
    let room = Room()

    init(_ settings: Settings, _ context: ServiceContext) throws {
        let database = try Database(Database.Configuration(settings.location))
        _ = try database.migrate([.users, .tokens, .bookmarks])
        store = Store(database: database)
        accounts = Accounts(database: database, passwords: Passwords())
        context.readiness = Readiness("database not writable") {
            try await database.write { try $0.execute("PRAGMA application_id = 0") }
        }
        context.metrics = { [store] in [.gauge("kept", "Bookmarks that are kept.", store.count)] }
    }

    func app(for settings: Settings, in context: ServiceContext) -> App {
        var app = context.app(
            for: settings.server, title: Self.name, version: Self.version, description: "Links worth keeping."
        )
        app.errors = .problemDetails
        app.documentation.contact = .init(name: "The team", email: "team@example.com")
        app.documentation.servers = [.init("https://bookmarks.example", "For everybody")]
        app.documentation.tags = [
            .init("bookmarks", "What somebody has kept"), .init("account"), .init("files"),
        ]
        app.middleware += [RequestID(), SecurityHeaders(), Compression()]
        if settings.redirectsToHTTPS { app.middleware.append(HTTPSRedirect()) }
        register(in: &app, settings)
        return app
    }

    func register(in app: inout App, _ settings: Settings) {
        let user = Dependency(
            HTTPBearer().optional, APIKeyCookie(Accounts.cookie).optional, Dependency.constant(accounts)
        ) { bearer, cookie, accounts in
            guard let token = bearer?.credentials ?? cookie, let user = try accounts.user(token: token) else {
                throw HTTPError(.unauthorized, "Log in first", headers: [.wwwAuthenticate: "Bearer"])
            }
            return user
        }
        AccountRoutes(accounts: accounts).register(in: &app)
        BookmarkRoutes(store: store, hub: hub, user: user).register(in: &app)
        FileRoutes(store: store, folder: settings.files, user: user).register(in: &app)
        LiveRoutes(hub: hub, room: room, user: user).register(in: &app)
        do {
            try PageRoutes(store: store, resources: settings.resources, secret: settings.secret).register(
                in: &app)
        } catch {
            app.logger.error("there are no pages: \(error)")
        }
        var about = App(title: "About Bookmarks")
        about.get("/", Header("x_client_version", .int(ge: 1), default: 1)) { ["client": $0] }
        app.mount("/about", about)
        app.onUnmatched { request, _ in
            throw ProblemDetails(.notFound, title: "Nothing is at \(request.path)")
        }
        app.background("census") { [store] context in
            while true {
                try await context.sleep(for: .seconds(3600))
                context.logger.info("\(store.count) bookmarks are kept")
            }
        }
    }

    func report(on settings: Settings) -> StartReport {
        StartReport(
            facts: [("Database", settings.database)],
            warnings: settings.server.warnings(prefix: Settings.catalog.prefix))
    }

    func close() { store.database.close() }
}
