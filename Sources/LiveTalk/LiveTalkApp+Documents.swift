import Crane
import CraneSQLite
import CraneService
import Logging

extension LiveTalkApp {
    /// The OpenAPI document of a LiveTalk with these settings, as JSON; opens no file.
    public static func openAPI(_ settings: Settings) throws(StartError) -> String {
        try withApp(settings) { String(decoding: $0.openAPI(), as: UTF8.self) }
    }

    /// Its routes as a table: method, path, summary, credentials; opens no file.
    public static func routes(_ settings: Settings) throws(StartError) -> String {
        try withApp(settings) { RouteTable($0).description }
    }

    /// Runs `body` with the application on an empty database in memory.
    private static func withApp(_ settings: Settings, _ body: (App) -> String) throws(StartError) -> String {
        let database: Database
        do {
            database = try Database(Database.Configuration(.memory))
        } catch {
            throw .database(.memory, error)
        }
        defer { database.close() }
        let app = App(
            settings, comments: SQLiteCommentStore(database), users: SQLiteUserStore(database),
            context: ServiceContext(LiveTalkApp.name, logger: Logger(label: "livetalk")))
        return body(app)
    }
}
