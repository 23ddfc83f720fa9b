import Crane
import CraneService

/// A service of somebody else's, with a setting of its own.
struct Board: Service {
    struct Settings: ServiceSettings {
        var server = ServerSettings()
        var title = "Status"

        static let catalog = SettingCatalog<Settings>(
            prefix: "BOARD_",
            [Setting("BOARD_TITLE", \.title, "a title", isReloadable: true) { SettingText.text($0) }])
    }

    static let name = "Board"
    static let version = "2.1.0"

    init(_ settings: Settings, _ context: ServiceContext) {
        context.metrics = { [.gauge("entries", "Entries on the board.", 7)] }
    }

    func app(for settings: Settings, in context: ServiceContext) -> App {
        var app = context.app(for: settings.server, title: settings.title, version: Self.version)
        app.get("/") { settings.title }
        return app
    }
}
