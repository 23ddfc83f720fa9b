/// The command line of a service's program: `[serve | health | routes | completions SHELL] [--SETTING VALUE]… [--env-file FILE]`.
struct ServiceArguments<Settings: ServiceSettings> {
    enum Command: String, CaseIterable {
        case serve, health, routes, completions, help, version
    }

    /// A command line that means nothing; its description says why.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var command = Command.serve
    /// Settings by their names in the environment.
    private(set) var flags: [String: String] = [:]
    private(set) var file: String?
    /// Whose completions are asked for.
    private(set) var shell: Completions.Shell?

    /// - Parameter arguments: those of the process without its name.
    init(_ arguments: [String]) throws(Mistake) {
        var rest = arguments[...]
        if let word = rest.first, !word.hasPrefix("-") {
            guard let command = Command(rawValue: word) else {
                let hint = Misspelling.hint(for: word, in: Command.allCases.map(\.rawValue))
                throw Mistake(description: "there is no command \(String(reflecting: word))\(hint)")
            }
            self.command = command
            rest = rest.dropFirst()
            if command == .completions { shell = try Self.shell(rest.popFirst()) }
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": command = .help
            case "--version": command = .version
            default: try take(argument, &rest)
            }
        }
    }

    /// Takes `--flag value` or `--flag=value`.
    private mutating func take(_ argument: String, _ rest: inout ArraySlice<String>) throws(Mistake) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let flag = String(parts[0])
        let setting = Settings.catalog.all.first { Settings.catalog.flag(of: $0.name) == flag }
        guard setting != nil || flag == "--env-file" else {
            let hint = Misspelling.hint(for: flag, in: Self.flags)
            throw Mistake(description: "unknown option \(String(reflecting: flag))\(hint)")
        }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            throw Mistake(description: "a value is missing behind \(flag)")
        }
        if let setting { flags[setting.name] = value } else { file = value }
    }

    private static func shell(_ word: String?) throws(Mistake) -> Completions.Shell {
        let shells = Completions.Shell.allCases.map(\.rawValue)
        guard let word, let shell = Completions.Shell(rawValue: word) else {
            throw Mistake(description: "completions are for one of \(shells.joined(separator: ", "))")
        }
        return shell
    }

    /// All flags, in the order of the settings.
    private static var flags: [String] {
        Settings.catalog.all.map { Settings.catalog.flag(of: $0.name) } + [
            "--env-file", "--help", "--version",
        ]
    }

    /// What a shell is told to complete the command's line by.
    static func completions(_ command: String) -> Completions {
        Completions(command: command, words: Command.allCases.map(\.rawValue), flags: flags)
    }

    /// What `--help` prints.
    static func help(_ command: String) -> String {
        let lines = Settings.catalog.all.map { setting in
            "  \(Settings.catalog.flag(of: setting.name)) (\(setting.name)): \(setting.line)"
        }
        return """
            \(command) [serve | health | routes] [--SETTING VALUE]... [--env-file FILE]
            \(command) completions bash | zsh | fish

            serve answers requests until SIGTERM or SIGINT, health asks the running service whether it lives, routes lists what is
            answered: method, path, summary and credentials.

            Settings come, strongest first, from flags, the environment, the file (.env, if it is there) and defaults:
            \(lines.joined(separator: "\n"))
            """
    }
}
