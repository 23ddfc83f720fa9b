import ArgumentParser
import CraneService
import LiveTalk

/// `livetalk user add NAME`.
struct UserAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a user; the password is asked for, or read from standard input.")

    @Argument(help: "What the user logs in with.")
    var name: String

    @Flag(help: "Let the user decide what is shown and staged.")
    var moderator = false

    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if let objection = UserAdministration.objection(to: name) { throw ValidationError(objection) }
    }

    func run() throws {
        // Never from the command line: others can read that.
        guard let password = StandardStreams.readPassword(prompt: "Password for \(name): "), !password.isEmpty
        else { throw ValidationError("a password must be given on standard input") }
        let id = try options.withUsers {
            try $0.add(name, password: password, isModerator: moderator)
        }
        try StandardStreams.write("added user \(id), \(name)")
    }
}
