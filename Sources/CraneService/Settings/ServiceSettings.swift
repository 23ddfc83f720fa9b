/// Everything that an operator may choose about a service; the initial values are the defaults.
///
/// ```swift
/// struct Settings: ServiceSettings {
///     var server = ServerSettings()
///     var database = "links.db"
///
///     static let catalog = SettingCatalog<Settings>(
///         prefix: "LINKS_",
///         [Setting("LINKS_DATABASE", \.database, "the path of a file") { SettingText.text($0) }])
/// }
/// ```
/// The settings of every service, ``ServerSettings``, are read as this one's own: `settings.port`.
@dynamicMemberLookup
public protocol ServiceSettings: Sendable {
    /// All defaults.
    init()
    /// What every service has.
    var server: ServerSettings { get set }
    /// The names of all settings; a constant, as it is asked for each.
    static var catalog: SettingCatalog<Self> { get }
}

extension ServiceSettings {
    public subscript<Value>(dynamicMember field: WritableKeyPath<ServerSettings, Value>) -> Value {
        get { server[keyPath: field] }
        set { server[keyPath: field] = newValue }
    }
}
