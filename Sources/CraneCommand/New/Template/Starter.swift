import Crane
import CraneService

/// What an operator may choose: flags, environment variables, or lines of `.env`.
struct Settings: ServiceSettings {
    var server = ServerSettings()
    var greeting = "Hello"

    static let catalog = SettingCatalog<Settings>(
        prefix: "STARTER_",
        [Setting("STARTER_GREETING", \.greeting, "a word") { SettingText.text($0) }])
}

struct Starter: Service {
    static let name = "Starter"
    static let version = "0.1.0"

    /// Opens what the service stands on, such as a database.
    init(_ settings: Settings, _ context: ServiceContext) {}

    func app(for settings: Settings, in context: ServiceContext) -> App {
        var app = context.app(for: settings.server, title: Self.name, version: Self.version)
        GreetingRoutes(word: settings.greeting).register(in: &app)
        return app
    }
}
