import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk user token NAME`.
struct UserTokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make a token for a user and print it; it is not kept anywhere else.")

    @Argument(help: "The user's name.")
    var name: String

    @Option(help: "Days until the token expires; 0 for never.")
    var days = 30

    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard (0...3650).contains(days) else { throw ValidationError("--days is a number from 0 to 3650") }
    }

    func run() throws {
        let lifetime: Duration? = days == 0 ? nil : .seconds(days * 86_400)
        try options.withUsers(creating: false) { users in
            try users.makeToken(of: name, for: lifetime) { try StandardStreams.write($0) }
        }
    }
}
