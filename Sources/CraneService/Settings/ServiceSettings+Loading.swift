extension ServiceSettings {
    /// Puts the settings together, strongest first: `flags`, `environment`, the file, defaults.
    ///
    /// `flags` are keyed by the setting's name in the environment. `file` must exist when it was asked for (`required`).
    /// An unknown name with the prefix or a malformed value throws, even one that a stronger source replaces.
    public init(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil,
        required: Bool = false
    ) throws(SettingsError) {
        self.init()
        if let file { try apply(file: file, required: required, environment: environment) }
        for (source, values) in [(SettingsError.Source.environment, environment), (.flag, flags)] {
            var spellings: [String: String] = [:]
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                try apply(name, value, source, &spellings)
            }
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
        let entries = try DotEnv(file: file, text: text, environment: environment).entries
        var spellings: [String: String] = [:]
        for entry in entries {
            try apply(entry.name, entry.value, .file(file, line: entry.line), &spellings)
        }
    }

    private mutating func apply(
        _ name: String, _ value: String, _ source: SettingsError.Source, _ spellings: inout [String: String]
    ) throws(SettingsError) {
        // As pydantic-settings reads them, without regard to case.
        let known = name.uppercased()
        if source == .environment, Self.catalog.isPlatforms(known, value) { return }
        guard let setting = Self.catalog.setting(named: known) else {
            if known.hasPrefix(Self.catalog.prefix) || source.isOwn && Self.catalog.isNear(known) {
                throw .unknown(name, source, nearest: Self.catalog.nearest(to: known))
            }
            return
        }
        let spelling = spellings.updateValue(name, forKey: known) ?? name
        guard spelling == name else { throw .ambiguous(name, spelling, source) }
        guard setting.apply(value, &self) else {
            throw SettingsError(
                "\(source.spelling(of: setting.name, value: value, Self.catalog)): expected \(setting.expected)"
            )
        }
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
