import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk user set NAME --moderator`.
struct UserSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Make a user a moderator, or one no more, from the next request on.")

    @Argument(help: "The user's name.")
    var name: String

    @Flag(inversion: .prefixedNo, help: "Let the user decide what is shown and staged.")
    var moderator: Bool

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        try options.withUsers(creating: false) { try $0.setModerator(name, moderator) }
        let role = moderator ? "a moderator" : "no moderator"
        try StandardStreams.write("\(UserAdministration.printed(name)) is \(role)")
    }
}
