import CraneService

/// Why the settings cannot be used, as one line that names the setting and where it came from.
public struct SettingsError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Where a value came from.
    enum Source: Hashable, Sendable {
        case flag
        case environment
        case file(String, line: Int)

        /// How the operator wrote the setting there.
        func spelling(of name: String, value: String) -> String {
            switch self {
            case .flag: "\(Setting.flag(of: name)) \(quoted(value))"
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

        /// Whether all names there are meant for LiveTalk.
        var isOwn: Bool { self != .environment }

        private func quoted(_ value: String) -> String {
            let value = Secrets.masked(value)
            // One line whatever the value holds, and not a screen of it.
            let shown = value.count > 80 ? value.prefix(77) + "..." : value[...]
            return String(reflecting: String(shown))
        }
    }

    static func malformed(_ setting: Setting, _ value: String, _ source: Source) -> SettingsError {
        SettingsError("\(source.spelling(of: setting.name, value: value)): expected \(setting.expected)")
    }

    static func ambiguous(_ name: String, _ other: String, _ source: Source) -> SettingsError {
        SettingsError("\(name) \(source.place) is the same setting as \(other) there: give it once")
    }

    static func unknown(_ name: String, _ source: Source) -> SettingsError {
        let hint = Setting.nearest(to: name.uppercased()).map { "; did you mean \($0)?" } ?? ""
        return SettingsError("\(name) \(source.place) is not a setting\(hint)")
    }
}
