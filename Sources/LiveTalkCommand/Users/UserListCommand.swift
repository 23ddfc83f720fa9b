import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk user list`.
struct UserListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print every user: id, name, state and role, with tabs between.")

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        for user in try UserAdministration.list(options.settings()) {
            let state = user.isDisabled ? "disabled" : user.isDemo ? "demo" : "active"
            let role = user.isModerator ? "\tmoderator" : ""
            try StandardStreams.write("\(user.id)\t\(UserAdministration.printed(user.name))\t\(state)\(role)")
        }
    }
}
