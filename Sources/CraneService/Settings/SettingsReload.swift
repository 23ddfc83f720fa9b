/// What a reload did: names of settings.
package struct SettingsReload<Settings: ServiceSettings> {
    /// What the service goes on with.
    package let settings: Settings
    package let changed: [String]
    /// Settings that count from the next start on.
    package let waiting: [String]

    package var description: String {
        var parts = ["reloaded"]
        parts.append(changed.isEmpty ? "nothing changed" : "changed \(changed.joined(separator: ", "))")
        if !waiting.isEmpty { parts.append("needs a restart: \(waiting.joined(separator: ", "))") }
        return parts.joined(separator: "; ")
    }
}

extension ServiceSettings {
    /// These settings with what can change at run time taken from `new`.
    package func reloaded(from new: Self) -> SettingsReload<Self> {
        var settings = self
        var changed: [String] = []
        var waiting: [String] = []
        for setting in Self.catalog.all where setting.text(self) != setting.text(new) {
            if setting.isReloadable {
                setting.copy(new, &settings)
                changed.append(setting.name)
            } else {
                waiting.append(setting.name)
            }
        }
        return SettingsReload(settings: settings, changed: changed, waiting: waiting)
    }
}
