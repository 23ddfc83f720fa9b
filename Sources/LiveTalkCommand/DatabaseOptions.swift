import ArgumentParser
import CraneService
import LiveTalk

/// Which database a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "The database, such as sqlite:///comments.db.")
    var databaseURL: String?

    @Option(help: "The file of settings; .env is read if it is there.")
    var envFile: String?

    /// The settings, as `serve` would find them.
    func settings() throws -> Settings {
        try Settings(
            flags: ["DATABASE_URL": databaseURL].compactMapValues(\.self),
            environment: ProcessEnvironment.variables(), file: envFile ?? ".env", required: envFile != nil)
    }

    func care() throws -> DatabaseCare {
        try DatabaseCare(settings())
    }

    /// Opens the database for one piece of work on its users, and makes it only when `creating`.
    func withUsers<Value>(
        creating: Bool = true, _ body: (UserAdministration) throws -> Value
    ) throws -> Value {
        let users = try UserAdministration(settings(), creating: creating)
        defer { users.close() }
        return try body(users)
    }
}
