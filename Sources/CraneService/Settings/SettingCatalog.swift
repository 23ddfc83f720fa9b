/// The settings of a service by their names in the environment.
public struct SettingCatalog<Settings: ServiceSettings>: Sendable {
    /// What the names of the service's variables begin with; a name with it that is no setting is a mistake.
    public let prefix: String
    /// Those of every service and the service's own.
    public let all: [Setting<Settings>]
    /// Their names, in which to look without the settings.
    private let names: [String]

    /// - Parameters:
    ///   - prefix: in capitals, with an underscore at its end: `LINKS_`.
    ///   - own: the settings beside those of every service, each with its whole name.
    public init(prefix: String, _ own: [Setting<Settings>] = []) {
        self.prefix = prefix
        all = own + ServerSettings.all.map { Setting($0, prefix: prefix) }
        names = all.map(\.name)
    }

    /// The flag of a setting: `LINKS_LOG_LEVEL` is `--log-level`, `DATABASE_URL` is `--database-url`.
    public func flag(of name: String) -> String {
        let bare = name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name[...]
        return "--" + bare.lowercased().split(separator: "_").joined(separator: "-")
    }

    /// The setting of this name, in capitals.
    func setting(named name: String) -> Setting<Settings>? {
        names.firstIndex(of: name).map { all[$0] }
    }

    /// The setting whose name is at most three typing mistakes away.
    func nearest(to name: String) -> String? {
        Misspelling.nearest(to: name, in: names)
    }

    /// Every setting with what it expects and its default, a line each, as `--help` shows them.
    package var lines: [String] { all.map { "\($0.name): \($0.line)" } }

    /// Whether a name without the prefix is a setting's but for a typing mistake or two.
    func isNear(_ name: String) -> Bool {
        names.contains { Misspelling.distance($0, name) <= 2 }
    }

    /// Whether Kubernetes has made the variable for a Service whose name begins as the prefix does: service links.
    func isPlatforms(_ name: String, _ value: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let protocols = ["TCP", "UDP", "SCTP"]
        if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") { return true }
        if name.hasSuffix("_PORT") { return protocols.contains { value.hasPrefix($0.lowercased() + "://") } }
        if name.contains("_SERVICE_PORT_") { return true }
        let words = name.split(separator: "_")
        return words.indices.dropFirst(2).contains { index in
            words[index - 2] == "PORT" && Int(words[index - 1]) != nil
                && protocols.contains(String(words[index]))
        }
    }
}
