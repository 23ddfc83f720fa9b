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
    func settings() throws -> Settings { try Self.settings(databaseURL: databaseURL, file: envFile) }

    static func settings(databaseURL: String?, file: String?) throws -> Settings {
        try Settings(
            flags: ["DATABASE_URL": databaseURL].compactMapValues(\.self),
            environment: ProcessEnvironment.variables(), file: file ?? ".env", required: file != nil)
    }

    func care() throws -> DatabaseMaintenance {
        try DatabaseMaintenance(settings())
    }

    /// One piece of work on users, by the service that runs or else on the database, which is made only when `creating`.
    func withUsers<Value>(
        creating: Bool = true, _ body: (any UserOperations) throws -> Value
    ) throws -> Value {
        let settings = try settings()
        let socket = settings.controlSocket(environment: ProcessEnvironment.variables())
        if let socket, let service = try ControlClient(path: socket) { return try body(service) }
        let users = try UserAdministration(settings, creating: creating)
        defer { users.close() }
        return try body(users)
    }

    /// One piece of work on jobs, in the same way.
    func withJobs(_ body: (any JobOperations) throws -> Void) throws {
        let settings = try settings()
        let socket = settings.controlSocket(environment: ProcessEnvironment.variables())
        if let socket, let service = try ControlClient(path: socket) { return try body(service) }
        let jobs = try JobAdministration(settings)
        defer { jobs.close() }
        try body(jobs)
    }
}
