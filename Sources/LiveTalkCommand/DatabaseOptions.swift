import ArgumentParser
import LiveTalk

/// Which database a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "Where comments are kept, such as sqlite:///comments.db.")
    var databaseURL: String?

    @Option(help: "The file of settings; .env is read if it is there.")
    var envFile: String?

    /// The database of the settings, as `serve` would find it.
    func care() throws -> DatabaseCare {
        try DatabaseCare(
            Settings(
                flags: ["DATABASE_URL": databaseURL].compactMapValues(\.self),
                environment: ProcessEnvironment.variables(), file: envFile ?? ".env", required: envFile != nil
            ))
    }
}
