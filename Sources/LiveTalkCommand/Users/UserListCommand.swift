import ArgumentParser
import LiveTalk

/// `livetalk user list`.
struct UserListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Print every user: id, name and state, with tabs between.")

    @OptionGroup var options: UserOptions

    func run() throws {
        for user in try options.withUsers({ try $0.list() }) {
            let state = user.isDisabled ? "disabled" : user.isDemo ? "demo" : "active"
            print("\(user.id)\t\(user.name)\t\(state)")
        }
    }
}
