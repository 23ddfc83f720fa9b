extension Settings {
    /// What a reload did: names of settings.
    public struct Reload: Sendable {
        /// What the service goes on with.
        public let settings: Settings
        public let changed: [String]
        /// Settings that count from the next start on.
        public let waiting: [String]

        public var description: String {
            var parts = ["reloaded"]
            parts.append(changed.isEmpty ? "nothing changed" : "changed \(changed.joined(separator: ", "))")
            if !waiting.isEmpty { parts.append("needs a restart: \(waiting.joined(separator: ", "))") }
            return parts.joined(separator: "; ")
        }
    }

    /// These settings with what can change at run time taken from `new`.
    public func reloaded(from new: Settings) -> Reload {
        var settings = self
        var changed: [String] = []
        var waiting: [String] = []
        for setting in Setting.all where setting.text(self) != setting.text(new) {
            if setting.isReloadable {
                setting.copy(new, &settings)
                changed.append(setting.name)
            } else {
                waiting.append(setting.name)
            }
        }
        return Reload(settings: settings, changed: changed, waiting: waiting)
    }
}
