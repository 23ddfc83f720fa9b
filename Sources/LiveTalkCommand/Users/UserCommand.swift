import ArgumentParser

/// `livetalk user`: who may log in.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, list and disable users, and make tokens for them.",
        discussion: """
            One process writes to the database at a time: for all but list the service must be stopped, or they say \
            that it is in use.
            """,
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserDisableCommand.self, UserTokenCommand.self,
        ])
}
