import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk user disable NAME`.
struct UserDisableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Let a user in no more, and forget the user's tokens.")

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        try options.withUsers(creating: false) { try $0.disable(name) }
        try StandardStreams.write("disabled \(UserAdministration.printed(name))")
    }
}
