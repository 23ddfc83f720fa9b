extension Settings {
    /// Puts the settings together, strongest first: `flags`, `environment`, the file, defaults.
    ///
    /// `flags` are keyed by the setting's name in the environment. `file` must exist when it was asked for (`required`).
    /// An unknown `LIVETALK_` name or a malformed value throws, even one that a stronger source replaces.
    public init(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil,
        required: Bool = false
    ) throws(SettingsError) {
        self.init()
        if let file { try apply(file: file, required: required, environment: environment) }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            try apply(name, value, .environment)
        }
        for (name, value) in flags.sorted(by: { $0.key < $1.key }) {
            try apply(name, value, .flag)
        }
    }

    private mutating func apply(
        file: String, required: Bool, environment: [String: String]
    ) throws(SettingsError) {
        let text: String
        switch TextFile.read(file) {
        case .text(let content): text = content
        case .missing where !required: return
        case .missing: throw SettingsError("\(file): there is no such file")
        case .unreadable(let reason): throw SettingsError("\(file): \(reason)")
        }
        for entry in try DotEnv(file: file, text: text, environment: environment).entries {
            try apply(entry.name, entry.value, .file(file, line: entry.line))
        }
    }

    private mutating func apply(
        _ name: String, _ value: String, _ source: SettingsError.Source
    ) throws(SettingsError) {
        guard let setting = Setting.all.first(where: { $0.name == name }) else {
            if name.hasPrefix(Setting.prefix) { throw .unknown(name, source) }
            return
        }
        guard setting.apply(value, &self) else { throw .malformed(setting, value, source) }
    }
}

extension DotEnv {
    fileprivate init(file: String, text: String, environment: [String: String]) throws(SettingsError) {
        do {
            try self.init(parsing: text, environment: environment)
        } catch {
            throw SettingsError("\(file), line \(error.line): \(error.reason)")
        }
    }
}
