/// Where settings come from, to be read at the start and again at a reload.
public struct SettingsSources: Sendable {
    private let flags: [String: String]
    private let environment: [String: String]
    private let file: String
    private let required: Bool

    /// - Parameters:
    ///   - flags: keyed by the setting's name in the environment.
    ///   - file: the file of settings; without it `.env`, if it is there.
    public init(flags: [String: String], environment: [String: String], file: String?) {
        self.flags = flags
        self.file = file ?? ".env"
        required = file != nil
        self.environment = Self.without(repetitionsOf: self.file, environment)
    }

    /// Reads them all.
    public func settings() throws(SettingsError) -> Settings {
        try Settings(flags: flags, environment: environment, file: file, required: required)
    }

    /// A variable that says what the file says comes from it, by systemd's `EnvironmentFile=`: a reload must find the
    /// file's new value, and a running process's environment keeps the old one.
    private static func without(
        repetitionsOf file: String, _ environment: [String: String]
    ) -> [String: String] {
        guard case .text(let text) = TextFile.read(file),
            let entries = try? DotEnv(parsing: text, environment: environment).entries
        else { return environment }
        var own = environment
        for entry in entries where own[entry.name] == entry.value { own[entry.name] = nil }
        return own
    }
}
