import Synchronization

/// Where settings come from, to be read at the start and again at a reload.
package final class SettingsSources<Settings: ServiceSettings>: Sendable {
    private let flags: [String: String]
    private let environment: [String: String]
    private let file: String
    private let required: Bool
    /// Whether the file has had settings: when they go, a reload must not open what they closed.
    private let hadSettings = Atomic(false)

    /// - Parameters:
    ///   - flags: keyed by the setting's name in the environment.
    ///   - file: the file of settings; without it `.env`, if it is there.
    package init(flags: [String: String], environment: [String: String], file: String?) {
        self.flags = flags
        self.file = file ?? ".env"
        required = file != nil
        self.environment = Self.without(repetitionsOf: self.file, environment)
    }

    /// Reads them all.
    package func settings() throws(SettingsError) -> Settings {
        let had = hadSettings.load(ordering: .relaxed)
        let settings = try Settings(
            flags: flags, environment: environment, file: file, required: required || had)
        let entries = Self.entries(of: file, environment)
        if had, entries?.isEmpty ?? true {
            throw SettingsError("\(file): there are no settings in it any more")
        }
        if entries?.isEmpty == false { hadSettings.store(true, ordering: .relaxed) }
        return settings
    }

    /// A variable that says what the file says comes from it, by systemd's `EnvironmentFile=`: a reload must find the
    /// file's new value, and a running process's environment keeps the old one.
    private static func without(
        repetitionsOf file: String, _ environment: [String: String]
    ) -> [String: String] {
        guard let entries = entries(of: file, environment) else { return environment }
        var own = environment
        for entry in entries where own[entry.name] == entry.value { own[entry.name] = nil }
        return own
    }

    private static func entries(of file: String, _ environment: [String: String]) -> [DotEnv.Entry]? {
        guard case .text(let text) = TextFile.read(file) else { return nil }
        return try? DotEnv(parsing: text, environment: environment).entries
    }
}
