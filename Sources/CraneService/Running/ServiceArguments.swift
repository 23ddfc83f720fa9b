/// The command line of a service's program: `[serve | health] [--SETTING VALUE]… [--env-file FILE]`.
struct ServiceArguments<Settings: ServiceSettings> {
    enum Command: String {
        case serve, health, help, version
    }

    /// A command line that means nothing; its description says why.
    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var command = Command.serve
    /// Settings by their names in the environment.
    private(set) var flags: [String: String] = [:]
    private(set) var file: String?

    /// - Parameter arguments: those of the process without its name.
    init(_ arguments: [String]) throws(Mistake) {
        var rest = arguments[...]
        if let word = rest.first, !word.hasPrefix("-") {
            guard let command = Command(rawValue: word) else {
                throw Mistake(description: "there is no command \(String(reflecting: word))")
            }
            self.command = command
            rest = rest.dropFirst()
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
            throw Mistake(description: "unknown option \(String(reflecting: flag))")
        }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            throw Mistake(description: "a value is missing behind \(flag)")
        }
        if let setting { flags[setting.name] = value } else { file = value }
    }

    /// What `--help` prints.
    static func help(_ command: String) -> String {
        let lines = Settings.catalog.all.map { setting in
            "  \(Settings.catalog.flag(of: setting.name)) (\(setting.name)): \(setting.expected)"
        }
        return """
            \(command) [serve | health] [--SETTING VALUE]... [--env-file FILE]

            serve answers requests until SIGTERM or SIGINT, health asks the running service whether it lives.

            Settings come, strongest first, from flags, the environment, the file (.env, if it is there) and defaults:
            \(lines.joined(separator: "\n"))
            """
    }
}
