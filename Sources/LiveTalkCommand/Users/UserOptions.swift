import ArgumentParser
import LiveTalk

/// Which database the users are in.
struct UserOptions: ParsableArguments {
    @Option(help: "Where users are kept, such as sqlite:///comments.db.")
    var databaseURL: String?

    @Option(help: "The file of settings; .env is read if it is there.")
    var envFile: String?

    /// Opens the database for one piece of work.
    func withUsers<Value>(_ body: (UserAdministration) throws -> Value) throws -> Value {
        let settings = try Settings(
            flags: databaseURL.map { ["DATABASE_URL": $0] } ?? [:],
            environment: ProcessEnvironment.variables(), file: envFile ?? ".env", required: envFile != nil)
        let users = try UserAdministration(settings)
        defer { users.close() }
        return try body(users)
    }
}
