import Crane
import CraneSQLite
import CraneService
import Logging

extension LiveTalkApp {
    /// The OpenAPI document of a LiveTalk with these settings, as JSON; opens no file.
    public static func openAPI(_ settings: Settings) throws(StartError) -> String {
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
        return String(decoding: app.openAPI(), as: UTF8.self)
    }
}
