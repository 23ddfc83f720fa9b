import Logging

/// Notes the error of each log entry.
struct NotingLogHandler: LogHandler {
    private let notes: Notes
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(_ notes: Notes) { self.notes = notes }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        notes.add("log \(event.metadata?["error"].map { "\($0)" } ?? "-")")
    }
}
