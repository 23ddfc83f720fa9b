import ArgumentParser

/// `livetalk user`: who may log in.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, list, change and disable users, and make tokens for them.",
        discussion: """
            A running service does it, which is asked over its control socket; without one the database is opened.
            """,
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserSetCommand.self, UserDisableCommand.self,
            UserTokenCommand.self,
        ])
}
