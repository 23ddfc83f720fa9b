import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk user list`.
struct UserListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print every user: id, name and state, with tabs between; beside a service too.")

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        for user in try UserAdministration.list(options.settings()) {
            let state = user.isDisabled ? "disabled" : user.isDemo ? "demo" : "active"
            try StandardStreams.write("\(user.id)\t\(UserAdministration.printed(user.name))\t\(state)")
        }
    }
}
