import ArgumentParser

/// `livetalk user`: who may log in.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, list and disable users, and make tokens for them.",
        discussion: """
            The database belongs to one process at a time: stop the service before, or these commands say that it is \
            in use.
            """,
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserDisableCommand.self, UserTokenCommand.self,
        ])
}
