/// Why the settings cannot be used, as one line that names the setting and where it came from.
public struct SettingsError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Where a value came from.
    enum Source: Hashable {
        case flag
        case environment
        case file(String, line: Int)

        /// How the operator wrote the setting there.
        func spelling<Settings>(
            of name: String, value: String, _ catalog: SettingCatalog<Settings>
        ) -> String {
            switch self {
            case .flag: "\(catalog.flag(of: name)) \(quoted(value))"
            case .environment: "\(name)=\(quoted(value)) in the environment"
            case .file(let path, let line): "\(name)=\(quoted(value)) in \(path), line \(line)"
            }
        }

        var place: String {
            switch self {
            case .flag: "on the command line"
            case .environment: "in the environment"
            case .file(let path, let line): "in \(path), line \(line)"
            }
        }

        /// Whether all names there are meant for the service.
        var isOwn: Bool { self != .environment }

        private func quoted(_ value: String) -> String {
            let value = Secrets.masked(value)
            // One line whatever the value holds, and not a screen of it.
            let shown = value.count > 80 ? value.prefix(77) + "..." : value[...]
            return String(reflecting: String(shown))
        }
    }

    static func ambiguous(_ name: String, _ other: String, _ source: Source) -> SettingsError {
        SettingsError("\(name) \(source.place) is the same setting as \(other) there: give it once")
    }

    static func unknown(_ name: String, _ source: Source, nearest: String?) -> SettingsError {
        let hint = nearest.map { "; did you mean \($0)?" } ?? ""
        return SettingsError("\(name) \(source.place) is not a setting\(hint)")
    }
}
